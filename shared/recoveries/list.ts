import type { Page, PageRequest } from '../devices/paging.ts';
import { clock } from '../lib/clock.ts';
import type { Cursors } from '../lib/cursor.ts';
import type { ListRequest, RecoveryList, RecoveryStore } from './ports.ts';
import type { Recovery, RecoveryState } from './recovery.ts';
import { recoveryNotFound } from './refusals.ts';
import { stateAt } from './state-machine.ts';

/** Throws `recovery-not-found`, and whatever the store throws. */
export async function getRecovery(id: string, store: Pick<RecoveryStore, 'get'>): Promise<Recovery> {
  const recovery = await store.get(id);
  if (recovery === undefined) throw recoveryNotFound();
  return recovery;
}

/**
 * Recoveries in one state, latest request first, without those whose time is up but whose expiry is not yet written.
 * Throws `validation-failed` for a cursor of another list, and whatever the store throws.
 */
export async function listRecoveries(
  state: RecoveryState,
  request: PageRequest,
  { store, cursors }: { readonly store: Pick<RecoveryStore, 'listByState'>; readonly cursors: Cursors },
): Promise<Page<Recovery>> {
  const page = await pageOf(request, cursors, (part) => store.listByState(state, part));
  return { ...page, items: page.items.filter((recovery) => stateAt(recovery, clock.now()) === state) };
}

/** Recoveries of one user's devices, latest request first. Throws the same errors as `listRecoveries`. */
export const listOwnRecoveries = (
  userId: string,
  request: PageRequest,
  { store, cursors }: { readonly store: Pick<RecoveryStore, 'listBySubject'>; readonly cursors: Cursors },
): Promise<Page<Recovery>> => pageOf(request, cursors, (part) => store.listBySubject(userId, part));

async function pageOf(
  { limit, cursor }: PageRequest,
  cursors: Cursors,
  list: (part: ListRequest) => Promise<RecoveryList>,
): Promise<Page<Recovery>> {
  const after = cursor === undefined ? undefined : cursors.open(cursor);
  const { items, last } = await list({ limit, after });
  return { items: [...items], ...(last !== undefined && { next: cursors.seal(last) }) };
}
