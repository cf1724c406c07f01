import { isProblem } from '../../contract/problem.ts';
import { clock } from '../../lib/clock.ts';
import { currentInvocation, withInvocation } from '../../lib/invocation.ts';
import { recordRecovery } from '../audit-trail.ts';
import type { RecoveryStore } from '../ports.ts';
import type { ExecutionPorts } from './ports.ts';
import { postponed, postponedShortly, type Task, taskOf } from './schedule.ts';
import { type TaskEnd, tasks } from './tasks.ts';

/** What became of one recovery. `idle`: nothing was due; `busy`: another change held the lease. */
export interface TaskOutcome {
  readonly id: string;
  /** Undefined if nothing was due, or if that could not be determined. */
  readonly task?: Task;
  readonly end: TaskEnd | 'idle' | 'busy' | 'error';
  readonly error?: unknown;
  /** Whether it did something before the error that will not have to be done again. */
  readonly progressed?: boolean;
}

export interface ProcessOptions {
  readonly signal: AbortSignal;
  /** Milliseconds until the signal aborts. */
  readonly millis: number;
  /** Called with the outcome while the invocation still shows what was changed. */
  readonly onEnd: (outcome: TaskOutcome) => void;
  /** Called if the time of the next attempt could not be written; the recovery stays due. */
  readonly onNotPostponed: (id: string, error: unknown) => void;
}

/**
 * Does what is due for a recovery: executes it, lets it expire, or ends its revocation. Failures are reported and
 * postponed, never thrown.
 */
export function processRecovery(
  id: string,
  ports: ExecutionPorts,
  options: ProcessOptions,
): Promise<TaskOutcome> {
  return withOwnInvocation(async () => {
    const outcome = await doTask(id, ports, options);
    if (outcome.end === 'busy' || outcome.end === 'error') {
      await postpone(outcome, ports.store).catch((error: unknown) => options.onNotPostponed(id, error));
    }
    options.onEnd(outcome);
    return outcome;
  });
}

async function doTask(
  id: string,
  { store, leaseOf, directoryOf }: ExecutionPorts,
  { signal, millis }: ProcessOptions,
): Promise<TaskOutcome> {
  let task: Task | undefined;
  const progress = { made: false };
  const onProgress = () => {
    progress.made = true;
  };
  try {
    const recovery = await store.get(id);
    if (recovery === undefined) return { id, end: 'idle' };
    recordRecovery(recovery);
    task = taskOf(recovery, clock.now());
    if (task === undefined) return { id, end: 'idle' };
    const lease = leaseOf(recovery.userId, millis, signal);
    const directory = directoryOf(recovery, signal);
    return { id, task, end: await tasks[task](recovery, { store, directory, lease, onProgress }) };
  } catch (error) {
    const undone = currentInvocation().changes.size === 0;
    const end = undone && isProblem(error, 'busy') ? 'busy' : 'error';
    return { id, ...(task && { task }), end, error, ...(progress.made && { progressed: true }) };
  }
}

/**
 * One attempt is enough: whoever wrote first has decided what comes next, and otherwise the recovery stays due. The
 * read also shows the audit whether a write went through although its answer was lost. What makes progress is not put
 * off, so that it ends soon however much a thief has left to clean up.
 */
async function postpone({ id, task, end, progressed }: TaskOutcome, store: RecoveryStore): Promise<void> {
  const current = await store.get(id);
  if (current === undefined) return;
  recordRecovery(current);
  if (progressed || taskOf(current, clock.now()) !== task) return;
  const later = (end === 'busy' ? postponedShortly : postponed)(current, clock.now());
  await store.replace(later);
}

/** For work that is audited on its own; its calls to AWS count towards the whole run. */
export async function withOwnInvocation<T>(work: () => Promise<T>): Promise<T> {
  const whole = currentInvocation();
  return withInvocation(async () => {
    try {
      return await work();
    } finally {
      whole.upstreamCalls += currentInvocation().upstreamCalls;
      whole.upstreamMillis += currentInvocation().upstreamMillis;
    }
  });
}
