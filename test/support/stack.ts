import { pathToFileURL } from 'node:url';
import { seededAccessKeyId } from '../../local-aws/aws/seed.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local-aws/stack.ts';
import { type Answer, signedFetch } from './http.ts';
import type { SigningKeys } from './sign.ts';

export interface TestStack extends LocalStack {
  /** Sends a request to the API, signed by a seeded user's own keys or by the given ones. */
  fetch(
    who: string | SigningKeys,
    method: string,
    target: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** All that functions have written so far, one line each. */
  logText(): string;
}

/**
 * Starts the local product on ports of its own, with the functions as they are deployed and an IAM that makes
 * reports at once. To be closed by the test.
 */
export async function startTestStack(options: LocalStackOptions = {}): Promise<TestStack> {
  // Not above: the benchmarks use the rest of this module, and run without vitest.
  const { inject } = await import('vitest');
  const { directory } = inject('functions');
  const moduleOf = (name: string) => pathToFileURL(`${directory}/${name}/index.mjs`);
  return testStack(await startLocalStack({ moduleOf, reportMakingMs: 0, ...options }));
}

export function testStack(stack: LocalStack): TestStack {
  return {
    ...stack,
    fetch: (who, method, target, body, headers) =>
      signedFetch(stack.apiUrl, typeof who === 'string' ? userKeys(who) : who, method, target, body, headers),
    logText: () => stack.lambda.logs.map(({ line }) => line).join('\n'),
  };
}

/** Of the phone that bob has in the seeded account, and of the hardware token that nobody has. */
export const bobsSeed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const tokenSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** The long-term keys of a seeded user. */
export function userKeys(userName: string): SigningKeys {
  return { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` };
}

/** A GetSessionToken session of a user, made without STS: as old as `mfaAt` says, or without MFA. */
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
