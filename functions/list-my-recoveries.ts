import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { listMyRecoveries } from '../shared/contract/operations/list-my-recoveries.ts';
import { cursors } from '../shared/cursor.ts';
import { env } from '../shared/env.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { listOwnRecoveries } from '../shared/recovery/reading.ts';
import { ownView } from '../shared/recovery/view.ts';

export const handler = endpoint(listMyRecoveries, async ({ query }, { caller, signal }) => {
  const { items, ...page } = await listOwnRecoveries(caller.userId, query, {
    store: recoveryStore({ signal }),
    cursors: cursors(env().CURSOR_KEY, `${listMyRecoveries.name} ${caller.userId}`),
  });
  return { ...page, items: items.map((recovery) => ownView(recovery, clock.now())) };
});
