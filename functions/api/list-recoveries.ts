import { listRecoveries as contract } from '../../shared/contract/operations/list-recoveries.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { listRecoveries } from '../../shared/recoveries/list.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { recoveryListContext } from '../wiring/recoveries.ts';

export const handler = principalEndpoint(contract, async ({ query }, call) => {
  const context = recoveryListContext(call, `${query.state} ${call.principal.arn}`);
  const { items, ...page } = await listRecoveries(query.state, query, context);
  return { ...page, items: items.map((recovery) => recoveryView(recovery, clock.now())) };
});
