import type { Credentials } from '../../../typescript/src/index.ts';

/** Credentials, and the account they belong to where the settings say so. */
export interface AccountCredentials extends Credentials {
  readonly accountId?: string;
}

/** Builds credentials; an empty token or account counts as none. */
export const credentialsOf = (
  accessKeyId: string,
  secretAccessKey: string,
  { token, accountId }: { readonly token?: string | undefined; readonly accountId?: string | undefined } = {},
): AccountCredentials => ({
  accessKeyId,
  secretAccessKey,
  ...(token && { sessionToken: token }),
  ...(accountId && { accountId }),
});

/** The account in an ARN of IAM or STS. */
export const accountIn = (arn: string): string | undefined =>
  /^arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
