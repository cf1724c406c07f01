import { receiveTicket } from '../../shared/contract/operations/receive-ticket.ts';
import { webhookEndpoint } from '../../shared/http/webhook.ts';
import { requestRecovery } from '../../shared/recoveries/request.ts';
import { ticketRequest } from '../../shared/ticketing/receive.ts';
import { requestContext } from '../wiring/recovery-request.ts';
import { ticketContext } from '../wiring/ticketing.ts';

export const handler = webhookEndpoint(receiveTicket, async (webhook, call) => {
  const { requestedBy, ...request } = await ticketRequest(webhook, ticketContext(call));
  // Not under the person's name: that comes from the ticket, and AWS has not authenticated it.
  const context = requestContext(call, `ticketing-${webhook.parameter('system')}`, request.userName);
  const { recovery } = await requestRecovery(request, { requestedBy, viaWebhook: true }, context);
  return { recoveryId: recovery.id };
});
