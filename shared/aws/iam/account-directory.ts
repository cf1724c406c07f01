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
  /** The person asking. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** Waits between two attempts to get a report that IAM is still generating. */
export type Pause = (signal: AbortSignal) => Promise<unknown>;

const attempts = 5;
const oneSecond: Pause = (signal) => sleep(1_000, undefined, { signal });

/** All users of the account, read with the audit role. */
export function accountDirectory(
  { operation, identity, signal }: Scope,
  pause: Pause = oneSecond,
): AccountDirectory {
  const call = scopedCall(auditScope(operation, identity), signal);
  return {
    credentialReport: async () => {
      // Starts a new report only if there is none, or the last is older than four hours.
      await call(new GenerateCredentialReportCommand());
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        if (attempt > 1) await awsCall(() => pause(signal));
        const report = await latestReport(call);
        if (report) return report;
      }
      throw new Problem(
        'report-not-ready',
        'IAM is generating the credential report. Try again in a few seconds.',
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

/** The report, or undefined if IAM is still generating it. */
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
