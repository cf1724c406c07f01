import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { createFurther, stepUp } from '../support/e2e-flows.ts';

const api = useApi();
const path = '/v1/me/mfa-devices';

describe('the list of devices', () => {
  it('comes in pages of the requested size, active devices first', async () => {
    for (const name of ['b', 'a', 'c']) await createFurther(api, stepUp(api, 'bob'), name);

    const seen: string[] = [];
    let target = `${path}?limit=2`;
    for (let pages = 0; pages < 3 && target !== ''; pages += 1) {
      const { items, next } = (await api.fetch('bob', 'GET', target)).json();
      seen.push(...items.map(({ id }: { id: string }) => id));
      target = next === undefined ? '' : `${path}?cursor=${next}&limit=2`;
    }

    expect(seen).toEqual(['phone', 'a', 'b', 'c']);
    expect(target).toBe('');
  });

  it('rejects another user’s cursor and a made-up one', async () => {
    await createFurther(api, stepUp(api, 'bob'), 'a');
    const { next } = (await api.fetch('bob', 'GET', `${path}?limit=1`)).json();

    for (const [who, cursor] of [
      ['alice', next],
      ['bob', `${next}x`],
      ['bob', ''],
    ] as const) {
      const answer = await api.fetch(who, 'GET', `${path}?cursor=${cursor}`);
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: '/query/cursor' }] });
    }
  });

  it.each(['0', '1001', '-1', '1.5', '1e2', '0x10', '%201', ''])('rejects a limit of %j', async (limit) => {
    const answer = await api.fetch('bob', 'GET', `${path}?limit=${limit}`);

    expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: '/query/limit' }] });
  });
});
