import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { listRecoveries as contract } from '../shared/contract/operations/list-recoveries.ts';
import { cursors } from '../shared/cursor.ts';
import { env } from '../shared/env.ts';
import { principalEndpoint } from '../shared/http/endpoint.ts';
import { listRecoveries } from '../shared/recovery/reading.ts';
import { recoveryView } from '../shared/recovery/view.ts';

export const handler = principalEndpoint(contract, async ({ query }, { principal, signal }) => {
  const { items, ...page } = await listRecoveries(query.state, query, {
    store: recoveryStore({ signal }),
    cursors: cursors(env().CURSOR_KEY, `${contract.name} ${query.state} ${principal.arn}`),
  });
  return { ...page, items: items.map((recovery) => recoveryView(recovery, clock.now())) };
});
