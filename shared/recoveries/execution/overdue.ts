import type { RecoveryStore } from '../ports.ts';
import type { Recovery, RecoveryState } from '../recovery.ts';

/** An execution takes seconds, after a theft a little more than a minute. */
const overdueMillis = 900_000;
const waiting: readonly RecoveryState[] = ['approved', 'executing'];

/** How many recoveries had their last approval more than 15 minutes ago and are still not executed. */
export async function countOverdue(store: Pick<RecoveryStore, 'listByState'>, now: number): Promise<number> {
  let count = 0;
  for (const state of waiting) {
    for await (const recovery of allIn(state, store)) if (isOverdue(recovery, now)) count += 1;
  }
  return count;
}

const isOverdue = ({ approvals }: Recovery, now: number): boolean =>
  now - Date.parse(approvals.at(-1)?.at ?? '') > overdueMillis;

async function* allIn(
  state: RecoveryState,
  store: Pick<RecoveryStore, 'listByState'>,
): AsyncGenerator<Recovery> {
  let after: string | undefined;
  do {
    const { items, last } = await store.listByState(state, { limit: 100, after });
    yield* items;
    after = last;
  } while (after !== undefined);
}
