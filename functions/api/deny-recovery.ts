import { denyRecovery as contract } from '../../shared/contract/operations/deny-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { denyRecovery } from '../../shared/recoveries/decide.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { decisionContext } from '../wiring/recoveries.ts';

export const handler = principalEndpoint(contract, async ({ path }, call) => {
  const recovery = await denyRecovery(path.recoveryId, call.principal.name, decisionContext(call));
  return recoveryView(recovery, clock.now());
});
