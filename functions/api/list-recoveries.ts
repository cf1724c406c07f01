import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { env } from '../../shared/config/deployment.ts';
import { listRecoveries as contract } from '../../shared/contract/operations/list-recoveries.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { cursors } from '../../shared/lib/cursor.ts';
import { listRecoveries } from '../../shared/recoveries/list.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';

export const handler = principalEndpoint(contract, async ({ query }, { principal, signal }) => {
  const { items, ...page } = await listRecoveries(query.state, query, {
    store: recoveryStore({ signal }),
    cursors: cursors(env().CURSOR_KEY, `${contract.name} ${query.state} ${principal.arn}`),
  });
  return { ...page, items: items.map((recovery) => recoveryView(recovery, clock.now())) };
});
