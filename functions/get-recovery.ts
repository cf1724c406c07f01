import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { clock } from '../shared/clock.ts';
import { getRecovery as contract } from '../shared/contract/operations/get-recovery.ts';
import { principalEndpoint } from '../shared/http/endpoint.ts';
import { getRecovery } from '../shared/recovery/reading.ts';
import { recoveryView } from '../shared/recovery/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { signal }) =>
  recoveryView(await getRecovery(path.recoveryId, recoveryStore({ signal })), clock.now()),
);
