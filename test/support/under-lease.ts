import { vi } from 'vitest';
import type { ChangeLease, HeldLease } from '../../shared/lease/ports.ts';
import type { Api } from './e2e.ts';

const leases = new Map<string, Promise<(userId: string) => ChangeLease>>();

/** Reads or changes what the table keeps of a user, by the product's own adapter. */
export async function underLease<T>(
  { stack }: Pick<Api, 'stack'>,
  userName: string,
  change: (lease: HeldLease) => Promise<T>,
): Promise<T> {
  const { dynamoUrl } = stack;
  const opening = leases.get(dynamoUrl) ?? openLeases(stack);
  leases.set(dynamoUrl, opening);
  const leaseOf = await opening;
  return leaseOf(stack.account.users.get(userName).userId).run(change);
}

async function openLeases({ dynamoUrl, clock }: Api['stack']) {
  const { deployment } = await import('../../local-aws/deployment.ts');
  vi.resetModules();
  const variables = {
    AWS_REGION: deployment.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    STAGE: deployment.stage,
    API_ID: deployment.apiId,
    TABLE_NAME: deployment.tableName,
    DEVICE_ROLE_ARN: `arn:aws:iam::${deployment.accountId}:role/unused`,
    STS_ENDPOINT: 'http://127.0.0.1',
    CURSOR_KEY: 'key-for-the-cursors-of-the-tests-only',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const { changeLease } = await import('../../shared/aws/table/change-lease.ts');
  const { clock: functionClock } = await import('../../shared/lib/clock.ts');
  const { env } = await import('../../shared/config/deployment.ts');
  functionClock.now = clock.now;
  env();
  return (userId: string) =>
    changeLease({ caller: { userId }, signal: AbortSignal.timeout(10_000), remainingMillis: 10_000 });
}
