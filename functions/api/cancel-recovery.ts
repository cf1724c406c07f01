import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { cancelRecovery as contract } from '../../shared/contract/operations/cancel-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { cancelRecovery } from '../../shared/recoveries/decide.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { principal, signal }) => {
  const context = { store: recoveryStore({ signal }) };
  return recoveryView(await cancelRecovery(path.recoveryId, principal.name, context), clock.now());
});
