import type { Credentials } from '../../typescript/src/index.ts';

/** Names of the values in pasted JSON, environment variables and AWS CLI profiles. */
const names = {
  accessKeyId: /"?\b(?:AWS_ACCESS_KEY_ID|AccessKeyId)\b"?/i,
  secretAccessKey: /"?\b(?:AWS_SECRET_ACCESS_KEY|SecretAccessKey)\b"?/i,
  sessionToken: /"?\b(?:AWS_SESSION_TOKEN|SessionToken)\b"?/i,
};

/** The credentials in pasted text, or undefined if it has none. */
export function credentialsIn(text: string): Credentials | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = Object.values(names).map((name) =>
    valueIn(text, name),
  );
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function valueIn(text: string, name: RegExp): string | undefined {
  const pattern = new RegExp(`${name.source}\\s*[:=]\\s*["']?([A-Za-z0-9/+=_-]+)`, 'i');
  return pattern.exec(text)?.[1];
}

/** The key of an IAM user or of a session. */
export const isAccessKeyId = (text: string): boolean => /^A[KS]IA[A-Z0-9]{12,124}$/.test(text);

/** Session credentials are useless without their token. */
export const lacksToken = ({ accessKeyId, sessionToken }: Credentials): boolean =>
  accessKeyId.startsWith('ASIA') && sessionToken === undefined;
