import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deployIam } from '../../../local-aws/cloudformation/iam.ts';
import { listUsers } from '../../../shared/contract/operations/list-users.ts';
import type { AccountDirectory } from '../../../shared/coverage/ports.ts';
import { deployed } from '../../support/deployed.ts';
import { type LocalAws, startLocalAws } from '../local-aws/fixture.ts';
import { becomeFunction } from './cold-function.ts';

let aws: LocalAws;
/** Number of waits for the report. */
let pauses: number;

beforeAll(async () => {
  aws = await startLocalAws();
  deployIam(aws.account, deployed.resolved);
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.account.trail.clear();
  aws.account.credentialReport = undefined;
  pauses = 0;
});
afterEach(() => {
  aws.faults.clear();
  vi.unstubAllEnvs();
});

async function directoryWith(
  pause: (signal: AbortSignal) => Promise<unknown>,
  signal = new AbortController().signal,
): Promise<AccountDirectory> {
  await becomeFunction(listUsers.name, aws);
  const { accountDirectory } = await import('../../../shared/aws/iam/account-directory.ts');
  return accountDirectory({ operation: listUsers, identity: 'kim', signal }, pause);
}

/** One second of the local clock. */
async function pause(): Promise<void> {
  pauses += 1;
  aws.clock.advance(1);
}

const timesAsked = () =>
  aws.account.trail.events().filter(({ operation }) => operation === 'GetCredentialReport').length;

describe('the credential report', () => {
  it('is requested again until IAM has generated it', async () => {
    const directory = await directoryWith(pause);

    const { csv, generatedAt } = await directory.credentialReport();

    expect(csv.split('\n')[0]).toContain('user,arn,');
    expect(Math.abs(generatedAt.getTime() - aws.clock.now())).toBeLessThan(10_000);
    expect(pauses).toBeGreaterThan(0);
    expect(timesAsked()).toBe(pauses + 1);
  });

  it.each(['ReportNotPresent', 'ReportInProgress', 'ReportExpired'])(
    'is not ready after five answers of %s, with a pause between attempts',
    async (error) => {
      aws.faults.put({ operation: 'GetCredentialReport', error, times: 5 });
      const directory = await directoryWith(pause);

      const asked = directory.credentialReport();

      await expect(asked).rejects.toMatchObject({ code: 'report-not-ready', extras: { retryAfter: 5 } });
      expect({ pauses, asked: timesAsked() }).toEqual({ pauses: 4, asked: 5 });
    },
  );

  it('is not awaited beyond the request’s deadline', async () => {
    aws.faults.put({ operation: 'GetCredentialReport', error: 'ReportInProgress', times: 5 });
    const controller = new AbortController();
    const directory = await directoryWith(async (signal) => {
      controller.abort();
      signal.throwIfAborted();
    }, controller.signal);

    const asked = directory.credentialReport();

    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
    expect(timesAsked()).toBe(1);
  });

  it('that IAM withholds for any other reason is a failure', async () => {
    aws.faults.put({ operation: 'GetCredentialReport', error: 'AccessDenied', times: 1 });
    const directory = await directoryWith(pause);

    const asked = directory.credentialReport();

    await expect(asked).rejects.toMatchObject({ code: 'upstream-failed' });
    expect(pauses).toBe(0);
  });
});
