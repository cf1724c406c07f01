import { executionStarter } from '../../shared/aws/execution-starter.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { approveRecovery as contract } from '../../shared/contract/operations/approve-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { approveRecovery } from '../../shared/recoveries/decide.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { principal, signal }) => {
  const context = { store: recoveryStore({ signal }), starter: executionStarter({ signal }) };
  return recoveryView(await approveRecovery(path.recoveryId, principal.name, context), clock.now());
});
