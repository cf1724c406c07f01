import type * as z from 'zod/mini';
import type { requestedReason } from './recovery-schemas.ts';

/** How a ticketing system signs its webhooks; also the last segment of the path it sends them to. */
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
  /** `ticket.system` of the recoveries it requests. */
  readonly name: string;
  /** JSON pointers (RFC 6901) into the body. */
  readonly fields: Readonly<Record<TicketField, string>>;
  /** Its own words for reasons; without them it uses those of the API. */
  readonly reasons?: Readonly<Record<string, z.output<typeof requestedReason>>> | undefined;
  /** Where to report the outcome of recoveries. */
  readonly outcomeUrl?: string | undefined;
}
