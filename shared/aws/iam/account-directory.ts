import { setTimeout as sleep } from 'node:timers/promises';
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import type { Operation } from '../../contract/operation.ts';
import { Problem } from '../../contract/problem.ts';
import type { AccountDirectory, CredentialReport } from '../../coverage/ports.ts';
import { errorCodeOf, toProblem } from '../errors.ts';
import { auditScope } from './audit-scope.ts';
import { required } from './iam-reads.ts';
import { callScoped, type ScopedClients } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  /** Who asks. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** How often, and after how many milliseconds, a report that is being made is asked for again. */
const attempts = 5;
const betweenAttempts = 1_000;
/** Errors of GetCredentialReport that pass once IAM has made one. */
const notYet: ReadonlySet<string> = new Set([
  'CredentialReportNotPresent',
  'CredentialReportNotReady',
  'CredentialReportExpired',
]);

/** All users of the account, looked at with credentials of the audit role. */
export function accountDirectory({ operation, identity, signal }: Scope): AccountDirectory {
  const scope = auditScope(operation, identity);
  const options = { abortSignal: signal };
  const call = <T>(use: (clients: ScopedClients) => Promise<T>): Promise<T> => callScoped(scope, signal, use);
  const latestReport = () =>
    call(async ({ iam }): Promise<CredentialReport | undefined> => {
      try {
        const { Content, GeneratedTime } = await iam.send(new GetCredentialReportCommand(), options);
        return { generatedAt: required(GeneratedTime), csv: new TextDecoder().decode(required(Content)) };
      } catch (error) {
        if (notYet.has(errorCodeOf(error))) return undefined;
        throw error;
      }
    });
  return {
    credentialReport: async () => {
      // Starts a new one only where the last is older than four hours, or there is none.
      await call(({ iam }) => iam.send(new GenerateCredentialReportCommand(), options));
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const report = await latestReport();
        if (report) return report;
        await sleep(betweenAttempts, undefined, { signal }).catch((error: unknown) => {
          throw toProblem(error);
        });
      }
      throw new Problem(
        'report-not-ready',
        'IAM is making the credential report. Ask again in some seconds.',
        { retryAfter: 5 },
      );
    },

    async *holdersOfVirtualDevices() {
      let Marker: string | undefined;
      do {
        const input = { AssignmentStatus: 'Assigned', MaxItems: 1000, ...(Marker && { Marker }) } as const;
        const page = await call(({ iam }) => iam.send(new ListVirtualMFADevicesCommand(input), options));
        yield (page.VirtualMFADevices ?? []).map(({ User }) => User?.Arn ?? '');
        Marker = page.Marker;
      } while (Marker);
    },
  };
}
