import { Problem } from '../contract/problem.ts';
import type { Connection } from '../contract/ticketing.ts';
import { currentInvocation } from '../lib/invocation.ts';
import { assertAuthentic } from './authenticity.ts';
import { requestOf, type TicketRequest } from './mapping.ts';
import type { SecretSource } from './ports.ts';
import type { SignedWebhook } from './signature.ts';

interface Received extends SignedWebhook {
  /** A path parameter, unparsed. */
  parameter(name: string): string;
  /** Parses the body; call it only once the signature is verified. */
  input(): { readonly body: unknown };
}

export interface TicketContext {
  readonly connections: readonly Connection[];
  readonly secrets: SecretSource;
}

/**
 * What a ticketing system's webhook requests. Throws `ticketing-not-configured`, `webhook-refused` or
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
      'This ticketing system is not connected. The setting "ticketing" of the deployment lists those that are.',
    );
  }
  const seen = currentInvocation();
  seen.webhook = { system: connection.name };
  await assertAuthentic(webhook, connection.system, secrets);
  const request = requestOf(webhook.input().body, connection);
  seen.webhook = { system: connection.name, requestedBy: request.requestedBy };
  return request;
}
