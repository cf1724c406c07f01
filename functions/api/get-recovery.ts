import { getRecovery as contract } from '../../shared/contract/operations/get-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { getRecovery } from '../../shared/recoveries/list.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { decisionContext } from '../wiring/recoveries.ts';

export const handler = principalEndpoint(contract, async ({ path }, call) =>
  recoveryView(await getRecovery(path.recoveryId, decisionContext(call).store), clock.now()),
);
