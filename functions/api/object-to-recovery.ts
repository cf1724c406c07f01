import { objectToRecovery as contract } from '../../shared/contract/operations/object-to-recovery.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { objectToRecovery } from '../../shared/recoveries/decide.ts';
import { ownView } from '../../shared/recoveries/view.ts';
import { decisionContext } from '../wiring/recoveries.ts';

export const handler = endpoint(contract, async ({ path }, call) => {
  const recovery = await objectToRecovery(path.recoveryId, call.caller.userId, decisionContext(call));
  return ownView(recovery, clock.now());
});
