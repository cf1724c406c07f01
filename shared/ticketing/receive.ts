import { Problem } from '../contract/problem.ts';
import type { Connection } from '../contract/ticketing.ts';
import { currentInvocation } from '../lib/invocation.ts';
import { assertAuthentic } from './authenticity.ts';
import { requestOf, type TicketRequest } from './mapping.ts';
import type { SecretSource } from './ports.ts';
import type { SignedWebhook } from './signature.ts';

interface Received extends SignedWebhook {
  /** The path's parameter of a name, as it is. */
  parameter(name: string): string;
  /** Parses the body; to be called once the signature is known to be right. */
  input(): { readonly body: unknown };
}

export interface TicketContext {
  readonly connections: readonly Connection[];
  readonly secrets: SecretSource;
}

/**
 * What a webhook of a ticketing system asks for. Throws `ticketing-not-configured`, `webhook-refused` or
 * `validation-failed`.
 */
export async function ticketRequest(
  webhook: Received,
  { connections, secrets }: TicketContext,
): Promise<TicketRequest> {
  const system = webhook.parameter('system');
  const connection = connections.find((candidate) => candidate.system === system);
  if (connection === undefined) {
    throw new Problem(
      'ticketing-not-configured',
      'No ticketing system is connected here. The setting "ticketing" of the deployment names those that are.',
    );
  }
  const seen = currentInvocation();
  seen.webhook = { system: connection.name };
  await assertAuthentic(webhook, connection.system, secrets);
  const request = requestOf(webhook.input().body, connection);
  seen.webhook = { system: connection.name, requestedBy: request.requestedBy };
  return request;
}
