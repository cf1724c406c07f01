import { requestRecovery as contract } from '../../shared/contract/operations/request-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { Repeated } from '../../shared/http/response.ts';
import { clock } from '../../shared/lib/clock.ts';
import { requestRecovery } from '../../shared/recoveries/request.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { requestContext } from '../wiring/recovery-request.ts';

export const handler = principalEndpoint(contract, async ({ body }, call) => {
  const { name } = call.principal;
  const requester = { requestedBy: name, viaWebhook: false };
  const { recovery, created } = await requestRecovery(
    body,
    requester,
    requestContext(call, name, body.userName),
  );
  const view = recoveryView(recovery, clock.now());
  return created ? view : new Repeated(view);
});
