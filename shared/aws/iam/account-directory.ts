import { setTimeout as sleep } from 'node:timers/promises';
import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import type { Operation } from '../../contract/operation.ts';
import { Problem } from '../../contract/problem.ts';
import type { AccountDirectory, CredentialReport } from '../../coverage/ports.ts';
import { awsCall } from '../aws-call.ts';
import { auditScope } from './audit-scope.ts';
import type { IamCall } from './iam-call.ts';
import { required, virtualDevices } from './iam-reads.ts';
import { scopedCall } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  /** Who asks. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** What is waited between two questions for a report that is being made. */
export type Pause = (signal: AbortSignal) => Promise<unknown>;

/** How often it is asked for. */
const attempts = 5;
const oneSecond: Pause = (signal) => sleep(1_000, undefined, { signal });

/** All users of the account, looked at with credentials of the audit role. */
export function accountDirectory(
  { operation, identity, signal }: Scope,
  pause: Pause = oneSecond,
): AccountDirectory {
  const call = scopedCall(auditScope(operation, identity), signal);
  return {
    credentialReport: async () => {
      // Starts a new one only where the last is older than four hours, or there is none.
      await call(new GenerateCredentialReportCommand());
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        if (attempt > 1) await awsCall(() => pause(signal));
        const report = await latestReport(call);
        if (report) return report;
      }
      throw new Problem(
        'report-not-ready',
        'IAM is making the credential report. Ask again in some seconds.',
        { retryAfter: 5 },
      );
    },

    async *holdersOfVirtualDevices() {
      for await (const devices of virtualDevices(call, 'Assigned')) {
        yield devices.map(({ User }) => User?.Arn ?? '');
      }
    },
  };
}

/** The report, unless IAM has yet to make one. */
async function latestReport(call: IamCall): Promise<CredentialReport | undefined> {
  const notYet = () => undefined;
  const found = await call(new GetCredentialReportCommand(), {
    CredentialReportNotPresent: notYet,
    CredentialReportNotReady: notYet,
    CredentialReportExpired: notYet,
  });
  return (
    found && {
      generatedAt: required(found.GeneratedTime),
      csv: new TextDecoder().decode(required(found.Content)),
    }
  );
}
