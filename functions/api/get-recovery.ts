import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { getRecovery as contract } from '../../shared/contract/operations/get-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { clock } from '../../shared/lib/clock.ts';
import { getRecovery } from '../../shared/recoveries/list.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';

export const handler = principalEndpoint(contract, async ({ path }, { signal }) =>
  recoveryView(await getRecovery(path.recoveryId, recoveryStore({ signal })), clock.now()),
);
