import type { Context } from 'aws-lambda';
import { deploymentSettings } from '../config/deployment.ts';
import { type ProblemCode, problemCodeOf } from '../contract/problem.ts';
import { currentInvocation, withInvocation } from '../lib/invocation.ts';
import { errorFields, log } from '../lib/log.ts';
import { invocationMetrics, metricFields } from '../lib/metrics.ts';
import type { Report } from '../lib/report.ts';
import { type Deadline, withDeadline } from './deadline.ts';

/** One run of a background function. */
export interface Run extends Deadline {
  readonly requestId: string;
}

/**
 * A Lambda handler for asynchronous invocations, from a schedule, an event or another function. Logs one line per run
 * and rethrows failures.
 */
export function backgroundFunction(name: string, work: (run: Run, event: unknown) => Promise<Report>) {
  return (event: unknown, context: Context): Promise<void> =>
    withInvocation(async () => {
      const requestId = context.awsRequestId;
      try {
        const report = await withDeadline(context, (deadline) => work({ requestId, ...deadline }, event));
        logRun(name, requestId, report);
      } catch (error) {
        log.error('failed', { requestId, operation: name, ...errorFields(error) });
        logRun(name, requestId, { fields: {}, metrics: { Problems: 1 } }, problemCodeOf(error));
        throw error;
      }
    });
}

function logRun(operation: string, requestId: string, { fields, metrics }: Report, code?: ProblemCode): void {
  const seen = currentInvocation();
  const millis = performance.now() - seen.startedAt;
  log.info('run', {
    requestId,
    operation,
    ...(code !== undefined && { code }),
    ...fields,
    millis: Math.round(millis),
    ...metricFields(
      { stage: deploymentSettings().STAGE, operation, code },
      { ...invocationMetrics(seen, millis), ...metrics },
    ),
  });
}
