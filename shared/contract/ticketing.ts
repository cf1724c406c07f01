import type * as z from 'zod/mini';
import type { requestedReason } from './recovery-schemas.ts';

/** How a ticketing system signs its webhooks; also the last part of the path that it sends them to. */
export const webhookSystems = ['standard', 'jira', 'zendesk'] as const;

export type WebhookSystem = (typeof webhookSystems)[number];

/** What is read from a ticket. */
export type TicketField =
  | 'ticket.id'
  | 'ticket.url'
  | 'userName'
  | 'reason'
  | 'deviceIds'
  | 'evidence'
  | 'requestedBy';

/** A ticketing system that sends webhooks. */
export interface Connection {
  readonly system: WebhookSystem;
  /** What its tickets have as their system. */
  readonly name: string;
  /** JSON pointers (RFC 6901) into the body. */
  readonly fields: Readonly<Record<TicketField, string>>;
  /** Its tickets' words for reasons; without them it uses the API's own. */
  readonly reasons?: Readonly<Record<string, z.output<typeof requestedReason>>> | undefined;
  /** Where to tell the outcome of recoveries. */
  readonly outcomeUrl?: string | undefined;
}
