import * as z from 'zod/mini';
import type { RecoveryEvent } from '../contract/events/detail-types.ts';
import { recoveryId, recoveryState, ticket } from '../contract/recovery-schemas.ts';
import type { Connection } from '../contract/ticketing.ts';
import { receivedEvent } from '../events/received.ts';
import type { RecoveryStore } from '../recoveries/ports.ts';
import { keysOf } from './authenticity.ts';
import { deliver, type RetryPolicy } from './delivery.ts';
import type { SecretSource } from './ports.ts';
import { standardWebhookHeaders } from './standard-webhook.ts';

/** Events to report: every outcome, and objections, which the help desk may be able to explain. */
const reportedEvents: ReadonlySet<string> = new Set<RecoveryEvent>([
  'MFA Recovery Objected',
  'MFA Recovery Executed',
  'MFA Recovery Denied',
  'MFA Recovery Cancelled',
  'MFA Recovery Expired',
  'MFA Recovery Failed',
]);

/** The parts of an event that are read: docs/events.md. */
const recoveryEvent = z.object({
  'detail-type': z.string(),
  detail: z.object({
    stage: z.string(),
    id: z.string().check(z.regex(/^[\w-]{1,128}$/)),
    time: z.iso.datetime(),
    result: z.enum(['done', 'incomplete']),
    recovery: z.object({
      id: recoveryId,
      state: recoveryState,
      ticket: z.object({ system: ticket.shape.system, id: ticket.shape.id }),
    }),
  }),
});

type EventDetail = z.output<typeof recoveryEvent>['detail'];

export interface OutcomeContext {
  /** The deployment's own. */
  readonly stage: string;
  readonly connections: readonly Connection[];
  readonly store: Pick<RecoveryStore, 'get'>;
  readonly secrets: SecretSource;
  /** Whether outcomes may be sent to the internal network. */
  readonly privateAddresses: boolean;
  readonly signal: AbortSignal;
  readonly retryPolicy?: RetryPolicy;
}

/** How old the cached secrets that sign outcomes may be. */
const secretMaxAgeMillis = 300_000;

/**
 * Reports how a recovery ended to the system of its ticket, if configured; returns whether it did. Throws for an event
 * that is not about a recovery or is from another stage; throws `NotDelivered`, `ForbiddenAddress` and whatever the
 * ports throw.
 */
export async function reportOutcome(event: unknown, context: OutcomeContext): Promise<boolean> {
  const { 'detail-type': type, detail } = receivedEvent(recoveryEvent, event, context.stage);
  const { system } = detail.recovery.ticket;
  const connection = context.connections.find(({ name }) => name === system);
  if (connection?.outcomeUrl === undefined || !reportedEvents.has(type)) return false;
  if (!(await isCertain(detail, context.store))) return false;
  await send(detail, connection.system, new URL(connection.outcomeUrl), context);
  return true;
}

/** A change that may not have gone through is looked up in the table. */
async function isCertain(
  { result, recovery }: EventDetail,
  store: OutcomeContext['store'],
): Promise<boolean> {
  return result === 'done' || (await store.get(recovery.id))?.state === recovery.state;
}

/** Signed with a separate secret: a receiver of outcomes must not be able to request recoveries. */
async function send(
  { id, time, recovery }: EventDetail,
  system: string,
  url: URL,
  { secrets, privateAddresses, signal, retryPolicy }: OutcomeContext,
): Promise<void> {
  const secretName = `${system}-outcome`;
  const keys = keysOf(await secrets.get(secretName, secretMaxAgeMillis), secretName);
  if (keys.length === 0) throw new Error('There is no secret to sign outcomes with');
  const { id: recoveryId, state, ticket } = recovery;
  const data = { recoveryId, state, ticket };
  const body = JSON.stringify({ type: `recovery.${state}`, timestamp: time, data });
  const attempt = () => ({
    url,
    // The id stays the same, so that the receiver can spot duplicates; each attempt has its own time.
    headers: { 'content-type': 'application/json', ...standardWebhookHeaders(id, body, keys, Date.now()) },
    body,
    privateAddresses,
  });
  await deliver(attempt, signal, retryPolicy);
}
