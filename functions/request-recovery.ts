import { requestContext } from '../shared/aws/request-context.ts';
import { clock } from '../shared/clock.ts';
import { requestRecovery as contract } from '../shared/contract/operations/request-recovery.ts';
import { principalEndpoint } from '../shared/http/endpoint.ts';
import { Repeated } from '../shared/http/response.ts';
import { requestRecovery } from '../shared/recovery/requesting.ts';
import { recoveryView } from '../shared/recovery/view.ts';

export const handler = principalEndpoint(contract, async ({ body }, { principal, ...call }) => {
  const requester = { requestedBy: principal.name, viaWebhook: false };
  const context = requestContext(call, principal.name, body.userName);
  const { recovery, created } = await requestRecovery(body, requester, context);
  const view = recoveryView(recovery, clock.now());
  return created ? view : new Repeated(view);
});
