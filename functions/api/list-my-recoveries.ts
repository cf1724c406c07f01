import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { env } from '../../shared/config/deployment.ts';
import { listMyRecoveries } from '../../shared/contract/operations/list-my-recoveries.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { cursors } from '../../shared/lib/cursor.ts';
import { listOwnRecoveries } from '../../shared/recoveries/list.ts';
import { ownView } from '../../shared/recoveries/view.ts';

export const handler = endpoint(listMyRecoveries, async ({ query }, { caller, signal }) => {
  const { items, ...page } = await listOwnRecoveries(caller.userId, query, {
    store: recoveryStore({ signal }),
    cursors: cursors(env().CURSOR_KEY, `${listMyRecoveries.name} ${caller.userId}`),
  });
  return { ...page, items: items.map((recovery) => ownView(recovery, clock.now())) };
});
