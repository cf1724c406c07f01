import * as z from 'zod/mini';
import { changeLease } from '../shared/aws/change-lease.ts';
import { recoveryDirectory } from '../shared/aws/recovery-directory.ts';
import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { recoveryId } from '../shared/contract/recovery-schemas.ts';
import { parseEvent } from '../shared/parse-event.ts';
import type { ExecutionPorts } from '../shared/recovery/execution/ports.ts';
import { reportOf, telling } from '../shared/recovery/execution/report.ts';
import { attendOne, sweep } from '../shared/recovery/execution/sweep.ts';
import { scheduled } from '../shared/scheduled.ts';

/** After an approval one recovery is named; an event of the schedule names none. */
const eventSchema = z.object({ recoveryId: z.optional(recoveryId) });

export const handler = scheduled('execute-recoveries', async ({ requestId, signal, millisLeft }, event) => {
  const { recoveryId } = parseEvent(eventSchema, event);
  const ports: ExecutionPorts = {
    store: recoveryStore({ signal }),
    leaseOf: (userId, remainingMillis, leaseSignal) =>
      changeLease({ caller: { userId }, signal: leaseSignal, remainingMillis }),
    directoryOf: recoveryDirectory,
  };
  const options = { millisLeft, ...telling(requestId) };
  return reportOf(
    recoveryId === undefined ? await sweep(ports, options) : [await attendOne(recoveryId, ports, options)],
  );
});
