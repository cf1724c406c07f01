import { pathToFileURL } from 'node:url';
import { seededAccessKeyId } from '../../local-aws/aws/seed.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local-aws/stack.ts';
import { type Answer, signedFetch } from './http.ts';
import type { SigningKeys } from './sign.ts';
import { keepUses } from './uses.ts';

export interface TestStack extends LocalStack {
  /** Sends a request to the API, signed with a seeded user's own keys or the given ones. */
  fetch(
    who: string | SigningKeys,
    method: string,
    target: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** All function output so far, one line each. */
  logText(): string;
}

/**
 * Starts the local product on its own ports, with the functions as deployed and an IAM that generates reports
 * immediately. The test must close it.
 */
export async function startTestStack(options: LocalStackOptions = {}): Promise<TestStack> {
  // Not a static import: the benchmarks use the rest of this module without vitest.
  const { inject } = await import('vitest');
  const { directory } = inject('functions');
  const moduleOf = (name: string) => pathToFileURL(`${directory}/${name}/index.mjs`);
  const stack = testStack(await startLocalStack({ moduleOf, reportMakingMs: 0, ...options }));
  const close = async () => {
    keepUses(inject('uses'), stack.account.uses);
    await stack.close();
  };
  return { ...stack, close };
}

export function testStack(stack: LocalStack): TestStack {
  return {
    ...stack,
    fetch: (who, method, target, body, headers) =>
      signedFetch(stack.apiUrl, typeof who === 'string' ? userKeys(who) : who, method, target, body, headers),
    logText: () => stack.lambda.logs.map(({ line }) => line).join('\n'),
  };
}

/** Seeds of bob's phone and of the unassigned hardware token in the seeded account. */
export const bobsSeed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const tokenSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** The long-term keys of a seeded user. */
export function userKeys(userName: string): SigningKeys {
  return { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` };
}

/** The seeded administrator's keys as a process has them, for adapters that tests use beside the functions. */
export function adminVariables(): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = userKeys('admin');
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** A user's GetSessionToken session, made without STS, with MFA from `mfaAt` if given. */
export function userSession(
  { account }: Pick<LocalStack, 'account'>,
  userName: string,
  { durationSeconds = 3600, mfaAt }: { readonly durationSeconds?: number; readonly mfaAt?: number } = {},
): SigningKeys {
  return account.issueToUser(account.users.get(userName), {
    durationSeconds,
    ...(mfaAt === undefined ? {} : { mfaAt }),
  });
}
