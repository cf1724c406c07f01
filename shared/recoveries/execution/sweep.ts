import { clock } from '../../lib/clock.ts';
import type { ExecutionPorts } from './ports.ts';
import { type ProcessOptions, processRecovery, type TaskOutcome } from './process-recovery.ts';

export interface SweepOptions extends Pick<ProcessOptions, 'onEnd' | 'onNotPostponed'> {
  /** Milliseconds of real time until Lambda ends the function. */
  readonly millisLeft: () => number;
}

const concurrency = 4;
/** Time for one recovery, and the longest that its subject's lease is held. */
const recoveryMillis = 25_000;
/** Time kept back to write when to try again, and to finish cleanly. */
const reserveMillis = 5_000;

/** Does what is due for one recovery, within its share of the time. */
export function processOne(id: string, ports: ExecutionPorts, options: SweepOptions): Promise<TaskOutcome> {
  const millis = Math.max(0, Math.min(recoveryMillis, options.millisLeft() - reserveMillis));
  const { onEnd, onNotPostponed } = options;
  return processRecovery(id, ports, { signal: AbortSignal.timeout(millis), millis, onEnd, onNotPostponed });
}

/** Does what is due, longest overdue first, as far as time allows. Throws only if the list cannot be read. */
export async function sweep(ports: ExecutionPorts, options: SweepOptions): Promise<readonly TaskOutcome[]> {
  const queue = (await ports.store.listDue(clock.now())).values();
  const all: TaskOutcome[] = [];
  const work = async () => {
    while (options.millisLeft() > recoveryMillis + reserveMillis) {
      const { value: id } = queue.next();
      if (id === undefined) return;
      all.push(await processOne(id, ports, options));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return all;
}
