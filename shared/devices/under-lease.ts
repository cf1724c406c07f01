import type { ChangeLease, HeldLease } from '../lease/ports.ts';

/**
 * Changes the user's devices under the lease, which is taken while `reading` is under way: whatever another change did
 * until then is in the lease's notes. Work handed to `beside` goes on while the lease is given back; it must not fail.
 */
export async function underLease<Read, Result>(
  lease: ChangeLease,
  reading: Promise<Read>,
  change: (held: HeldLease, read: Read, beside: (work: Promise<void>) => void) => Promise<Result>,
): Promise<Result> {
  // Without the lease, nobody asks how the reading ended.
  reading.catch(() => undefined);
  const works: Promise<void>[] = [];
  try {
    return await lease.run(async (held) => change(held, await reading, (work) => works.push(work)));
  } finally {
    await Promise.all(works);
  }
}
