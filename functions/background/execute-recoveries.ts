import * as z from 'zod/mini';
import { recoveryId } from '../../shared/contract/recovery-schemas.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { clock } from '../../shared/lib/clock.ts';
import { parseEvent } from '../../shared/lib/parse-event.ts';
import { together } from '../../shared/lib/report.ts';
import { countOverdue } from '../../shared/recoveries/execution/overdue.ts';
import { reconciled } from '../../shared/recoveries/execution/reconcile-report.ts';
import { auditReporters, reportOf } from '../../shared/recoveries/execution/report.ts';
import { processOne, sweep } from '../../shared/recoveries/execution/sweep.ts';
import { reconcilePorts } from '../wiring/reconciliation.ts';
import { executionPorts } from '../wiring/recovery-execution.ts';

/** An invocation after an approval names one recovery, the schedule none. */
const eventSchema = z.object({ recoveryId: z.optional(recoveryId) });

export const handler = backgroundFunction('execute-recoveries', async (run, event) => {
  const { recoveryId } = parseEvent(eventSchema, event);
  const ports = executionPorts(run);
  const options = { millisLeft: run.millisLeft, ...auditReporters(run.requestId) };
  if (recoveryId !== undefined) return reportOf([await processOne(recoveryId, ports, options)]);
  const outcomes = await sweep(ports, options);
  const swept = reportOf(outcomes, await countOverdue(ports.store, clock.now()));
  return together(swept, await reconciled(run.requestId, reconcilePorts(run), run));
});
