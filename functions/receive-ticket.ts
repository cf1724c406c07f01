import { requestContext } from '../shared/aws/request-context.ts';
import { ticketingSecrets } from '../shared/aws/secrets.ts';
import { receiveTicket } from '../shared/contract/operations/receive-ticket.ts';
import { webhookEndpoint } from '../shared/http/webhook.ts';
import { requestRecovery } from '../shared/recovery/requesting.ts';
import { connections } from '../shared/ticketing/config.ts';
import { ticketRequest } from '../shared/ticketing/receive.ts';

export const handler = webhookEndpoint(receiveTicket, async (webhook, call) => {
  const ticketing = { connections: connections(), secrets: ticketingSecrets(call.signal) };
  const { requestedBy, ...request } = await ticketRequest(webhook, ticketing);
  // Not in the name of the person, which is what a ticket says and not whom AWS knows.
  const context = requestContext(call, `ticketing-${webhook.parameter('system')}`, request.userName);
  const { recovery } = await requestRecovery(request, { requestedBy, viaWebhook: true }, context);
  return { recoveryId: recovery.id };
});
