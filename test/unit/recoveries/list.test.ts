import { afterEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../shared/lib/clock.ts';
import type { Cursors } from '../../../shared/lib/cursor.ts';
import { getRecovery, listOwnRecoveries, listRecoveries } from '../../../shared/recoveries/list.ts';
import { sampleRecovery } from '../../support/recovery.ts';
import { memoryRecoveryStore } from '../../support/recovery-store.ts';

/** Cursors that can be read. */
const cursors: Cursors = { seal: (position) => `after ${position}`, open: (cursor) => cursor.slice(6) };
const at = (minute: number) => `2026-11-02T09:${minute}:00.000Z`;
const recovery = (id: string, minute: number, expiresAt = '2026-11-09T09:00:00.000Z') =>
  sampleRecovery({ id, requestedAt: at(minute), expiresAt });
const store = memoryRecoveryStore(
  recovery('first', 10),
  recovery('over', 20, at(45)),
  recovery('third', 30),
  { ...recovery('denied', 40), state: 'denied' },
  { ...recovery('carols', 50), userId: 'AIDACAROL' },
);
const idsOf = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

afterEach(() => {
  vi.restoreAllMocks();
});

it('a recovery is found by its id', async () => {
  await expect(getRecovery('third', store)).resolves.toMatchObject({ id: 'third' });
  await expect(getRecovery('none', store)).rejects.toMatchObject({ code: 'recovery-not-found' });
});

describe('the list of a state', () => {
  it('leaves out what has expired since it was written', async () => {
    const now = vi.spyOn(clock, 'now').mockReturnValue(Date.parse(at(45)) - 1);
    const list = () => listRecoveries('requested', { limit: 10 }, { store, cursors });

    expect(idsOf(await list())).toEqual(['carols', 'third', 'over', 'first']);
    now.mockReturnValue(Date.parse(at(45)));
    expect(idsOf(await list())).toEqual(['carols', 'third', 'first']);
  });

  it('comes in pages that lead to the next, even where one is shorter than asked for', async () => {
    vi.spyOn(clock, 'now').mockReturnValue(Date.parse(at(59)));
    const page = (cursor?: string) => listRecoveries('requested', { limit: 3, cursor }, { store, cursors });

    const first = await page();
    const second = await page(first.next);

    expect(idsOf(first)).toEqual(['carols', 'third']);
    expect(idsOf(second)).toEqual(['first']);
    expect(second).not.toHaveProperty('next');
  });
});

it('users see recoveries of their own devices in every state, and no others', async () => {
  const page = await listOwnRecoveries('AIDABOB', { limit: 2 }, { store, cursors });

  expect(idsOf(page)).toEqual(['denied', 'third']);
  expect(page.next).toBe('after 2');
});
