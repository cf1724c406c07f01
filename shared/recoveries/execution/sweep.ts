import { clock } from '../../lib/clock.ts';
import type { ExecutionPorts } from './ports.ts';
import { type ProcessOptions, processRecovery, type TaskOutcome } from './process-recovery.ts';

export interface SweepOptions extends Pick<ProcessOptions, 'onEnd' | 'onNotPostponed'> {
  /** Milliseconds of real time until the function is ended. */
  readonly millisLeft: () => number;
}

const concurrency = 4;
/** For one recovery; its subject's lease is held no longer. */
const recoveryMillis = 25_000;
/** Kept back for noting when to try again, and for ending properly. */
const reserveMillis = 5_000;

/** Does what is due for one recovery, in the time that one gets. */
export function processOne(id: string, ports: ExecutionPorts, options: SweepOptions): Promise<TaskOutcome> {
  const millis = Math.max(0, Math.min(recoveryMillis, options.millisLeft() - reserveMillis));
  const { onEnd, onNotPostponed } = options;
  return processRecovery(id, ports, { signal: AbortSignal.timeout(millis), millis, onEnd, onNotPostponed });
}

/** Does all that is due, as far as time allows, the longest due first. Throws only if that cannot be listed. */
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
