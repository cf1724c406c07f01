import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { objectToRecovery as contract } from '../../shared/contract/operations/object-to-recovery.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { objectToRecovery } from '../../shared/recoveries/decide.ts';
import { ownView } from '../../shared/recoveries/view.ts';

export const handler = endpoint(contract, async ({ path }, { caller, signal }) => {
  const context = { store: recoveryStore({ signal }) };
  return ownView(await objectToRecovery(path.recoveryId, caller.userId, context), clock.now());
});
