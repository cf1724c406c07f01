import { setTimeout as sleep } from 'node:timers/promises';

/** Live bytes on the heap. The process must run with `--expose-gc`. */
export async function heapAfterCollection(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    // Between two collections, finalizers and pending timers run.
    await sleep(20);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
