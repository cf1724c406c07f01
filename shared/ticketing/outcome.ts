import * as z from 'zod/mini';
import { type OutcomeEvent, outcomeEvents } from '../contract/events/detail-types.ts';
import { recoveryId } from '../contract/recovery-schemas.ts';
import type { Connection } from '../contract/ticketing.ts';
import { receivedEvent } from '../events/received.ts';
import { bearsOut } from '../recoveries/bears-out.ts';
import type { RecoveryStore } from '../recoveries/ports.ts';
import type { Recovery } from '../recoveries/recovery.ts';
import { keysOf } from './authenticity.ts';
import { deliver, type RetryPolicy } from './delivery.ts';
import type { SecretSource } from './ports.ts';
import { standardWebhookHeaders } from './standard-webhook.ts';

/** The parts of an event that are read: docs/events.md. All else is read from the table. */
const recoveryEvent = z.object({
  'detail-type': z.enum(outcomeEvents),
  detail: z.object({
    stage: z.string(),
    time: z.iso.datetime(),
    result: z.enum(['done', 'incomplete']),
    recovery: z.object({ id: recoveryId }),
  }),
});

/** The word for each event in an outcome's type and id. */
const words: Readonly<Record<OutcomeEvent, Recovery['state']>> = {
  'MFA Recovery Objected': 'objected',
  'MFA Recovery Executed': 'executed',
  'MFA Recovery Denied': 'denied',
  'MFA Recovery Cancelled': 'cancelled',
  'MFA Recovery Expired': 'expired',
  'MFA Recovery Failed': 'failed',
};

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

/**
 * `undone`: an error came after the change, and the table shows that it did not go through. `refuted`: the table has no
 * such recovery, or one to which this did not happen, though the event says that it is done.
 */
export type OutcomeEnd = 'told' | 'no-receiver' | 'undone' | 'refuted';

/** How a report ended, and which recovery it was about. */
export interface OutcomeReport {
  readonly recoveryId: string;
  readonly end: OutcomeEnd;
}

/** How old the cached secrets that sign outcomes may be. */
const secretMaxAgeMillis = 300_000;

/**
 * Reports how a recovery ended, as the table has it, to the system of its ticket, if configured. Throws for an event
 * that is of no outcome or from another stage; throws `NotDelivered`, `ForbiddenAddress` and whatever the ports throw.
 */
export async function reportOutcome(input: unknown, context: OutcomeContext): Promise<OutcomeReport> {
  const { 'detail-type': type, detail } = receivedEvent(recoveryEvent, input, context.stage);
  const recoveryId = detail.recovery.id;
  const recovery = await context.store.get(recoveryId);
  if (recovery === undefined || !bearsOut(recovery, type))
    return { recoveryId, end: detail.result === 'done' ? 'refuted' : 'undone' };
  const connection = context.connections.find(({ name }) => name === recovery.ticket.system);
  if (connection?.outcomeUrl === undefined) return { recoveryId, end: 'no-receiver' };
  await send(
    outcomeOf(recovery, words[type], detail.time),
    connection.system,
    new URL(connection.outcomeUrl),
    context,
  );
  return { recoveryId, end: 'told' };
}

interface Outcome {
  /** Follows from the outcome, so that the receiver can spot duplicates. */
  readonly id: string;
  readonly body: string;
}

function outcomeOf({ id, state, ticket }: Recovery, word: string, timestamp: string): Outcome {
  const data = { recoveryId: id, state, ticket: { system: ticket.system, id: ticket.id } };
  return { id: `${id}-${word}`, body: JSON.stringify({ type: `recovery.${word}`, timestamp, data }) };
}

/** Signed with a separate secret: a receiver of outcomes must not be able to request recoveries. */
async function send(
  { id, body }: Outcome,
  system: string,
  url: URL,
  { secrets, privateAddresses, signal, retryPolicy }: OutcomeContext,
): Promise<void> {
  const secretName = `${system}-outcome`;
  const keys = keysOf(await secrets.get(secretName, secretMaxAgeMillis), secretName);
  if (keys.length === 0) throw new Error('There is no secret to sign outcomes with');
  const attempt = () => ({
    url,
    // Each attempt has its own time.
    headers: { 'content-type': 'application/json', ...standardWebhookHeaders(id, body, keys, Date.now()) },
    body,
    privateAddresses,
  });
  await deliver(attempt, signal, retryPolicy);
}
