import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { cancelRecovery as contract } from '../shared/contract/operations/cancel-recovery.ts';
import { principalEndpoint } from '../shared/http/endpoint.ts';
import { cancelRecovery } from '../shared/recovery/deciding.ts';
import { recoveryView } from '../shared/recovery/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { principal, signal }) => {
  const context = { store: recoveryStore({ signal }) };
  return recoveryView(await cancelRecovery(path.recoveryId, principal.name, context), clock.now());
});
