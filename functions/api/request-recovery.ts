import { requestRecovery as contract } from '../../shared/contract/operations/request-recovery.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { Repeated } from '../../shared/http/response.ts';
import { clock } from '../../shared/lib/clock.ts';
import { requestRecovery } from '../../shared/recoveries/request.ts';
import { recoveryView } from '../../shared/recoveries/view.ts';
import { requestContext } from '../wiring/recovery-request.ts';

export const handler = principalEndpoint(contract, async ({ body }, { principal, ...call }) => {
  const requester = { requestedBy: principal.name, viaWebhook: false };
  const context = requestContext(call, principal.name, body.userName);
  const { recovery, created } = await requestRecovery(body, requester, context);
  const view = recoveryView(recovery, clock.now());
  return created ? view : new Repeated(view);
});
