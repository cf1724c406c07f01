import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { objectToRecovery as contract } from '../shared/contract/operations/object-to-recovery.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { objectToRecovery } from '../shared/recovery/deciding.ts';
import { ownView } from '../shared/recovery/view.ts';

export const handler = endpoint(contract, async ({ path }, { caller, signal }) => {
  const context = { store: recoveryStore({ signal }) };
  return ownView(await objectToRecovery(path.recoveryId, caller.userId, context), clock.now());
});
