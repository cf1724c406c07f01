import { executionStarter } from '../shared/aws/execution-starter.ts';
import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { approveRecovery as contract } from '../shared/contract/operations/approve-recovery.ts';
import { principalEndpoint } from '../shared/http/endpoint.ts';
import { approveRecovery } from '../shared/recovery/deciding.ts';
import { recoveryView } from '../shared/recovery/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { principal, signal }) => {
  const context = { store: recoveryStore({ signal }), starter: executionStarter({ signal }) };
  return recoveryView(await approveRecovery(path.recoveryId, principal.name, context), clock.now());
});
