import { listMyRecoveries } from '../../shared/contract/operations/list-my-recoveries.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { listOwnRecoveries } from '../../shared/recoveries/list.ts';
import { ownView } from '../../shared/recoveries/view.ts';
import { recoveryListContext } from '../wiring/recoveries.ts';

export const handler = endpoint(listMyRecoveries, async ({ query }, call) => {
  const { userId } = call.caller;
  const { items, ...page } = await listOwnRecoveries(userId, query, recoveryListContext(call, userId));
  return { ...page, items: items.map((recovery) => ownView(recovery, clock.now())) };
});
