import { approveRecovery as contract } from '../../shared/contract/operations/approve-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { approveRecovery } from '../../shared/recoveries/decide.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { approvalContext } from '../wiring/recovery-approval.ts';

export const handler = principalEndpoint(contract, async ({ path }, call) => {
  const recovery = await approveRecovery(path.recoveryId, call.principal.name, approvalContext(call));
  return recoveryView(recovery, clock.now());
});
