import * as z from 'zod/mini';
import { recoveryDirectory } from '../../shared/aws/iam/recovery-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { recoveryId } from '../../shared/contract/recovery-schemas.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { parseEvent } from '../../shared/lib/parse-event.ts';
import type { ExecutionPorts } from '../../shared/recoveries/execution/ports.ts';
import { auditReporters, reportOf } from '../../shared/recoveries/execution/report.ts';
import { processOne, sweep } from '../../shared/recoveries/execution/sweep.ts';

/** After an approval one recovery is named; an event of the schedule names none. */
const eventSchema = z.object({ recoveryId: z.optional(recoveryId) });

export const handler = backgroundFunction(
  'execute-recoveries',
  async ({ requestId, signal, millisLeft }, event) => {
    const { recoveryId } = parseEvent(eventSchema, event);
    const ports: ExecutionPorts = {
      store: recoveryStore({ signal }),
      leaseOf: (userId, remainingMillis, leaseSignal) =>
        changeLease({ caller: { userId }, signal: leaseSignal, remainingMillis }),
      directoryOf: recoveryDirectory,
    };
    const options = { millisLeft, ...auditReporters(requestId) };
    return reportOf(
      recoveryId === undefined ? await sweep(ports, options) : [await processOne(recoveryId, ports, options)],
    );
  },
);
