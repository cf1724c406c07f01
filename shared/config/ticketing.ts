import * as z from 'zod/mini';
import { requestedReason, ticket } from '../contract/recovery-schemas.ts';
import { type Connection, type TicketField, webhookSystems } from '../contract/ticketing.ts';
import { isPointer } from '../lib/json-pointer.ts';
import { settings } from './variables.ts';

/** Longest setting, in bytes: Lambda allows 4 KB for a function's whole environment. */
const mostBytes = 3072;

const pointerTo = (fallback: string) =>
  z._default(
    z.string().check(z.refine(isPointer, 'must be a JSON pointer into the body of the ticket')),
    fallback,
  );

/** Where a ticket has the members of a request. The defaults match the body of POST /v1/recoveries. */
const fields = z.strictObject({
  'ticket.id': pointerTo('/ticket/id'),
  'ticket.url': pointerTo('/ticket/url'),
  userName: pointerTo('/userName'),
  reason: pointerTo('/reason'),
  deviceIds: pointerTo('/deviceIds'),
  evidence: pointerTo('/evidence'),
  requestedBy: pointerTo('/requestedBy'),
} satisfies Record<TicketField, z.ZodMiniType>);

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Only this machine may receive outcomes without encryption. */
function isOutcomeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}

const connection = z.strictObject({
  /** The `system` of its tickets, if not the default name. */
  name: z.optional(ticket.shape.system),
  fields: z.prefault(fields, {}),
  /** Reasons by the words that its tickets use. */
  reasons: z.optional(
    z
      .record(z.string(), z.enum(requestedReason.options, 'must be a reason of a recovery'))
      .check(z.refine((words) => Object.keys(words).length > 0, 'must have at least one word')),
  ),
  /** Where outcomes of recoveries are posted. */
  outcomeUrl: z.optional(
    z.string().check(z.refine(isOutcomeUrl, 'must be an https URL without user, password and fragment')),
  ),
});

const schema = z.strictObject({
  standard: z.optional(connection),
  jira: z.optional(connection),
  zendesk: z.optional(connection),
});

/** Parses the connected systems. Throws an error that names the invalid member, never its value. */
export function parseConnections(text: string): readonly Connection[] {
  if (text.trim() === '') return [];
  if (Buffer.byteLength(text) > mostBytes) throw invalid(`may have at most ${mostBytes} bytes`);
  const result = schema.safeParse(parseJson(text));
  if (!result.success) throw invalid(result.error.issues.map(describe).join('; '));
  const connections = webhookSystems.flatMap((system) => {
    const found = result.data[system];
    return found === undefined ? [] : [{ ...found, system, name: found.name ?? system }];
  });
  if (new Set(connections.map(({ name }) => name)).size < connections.length)
    throw invalid('two systems have the same name');
  return connections;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without a cause: its message would quote the text.
    throw invalid('is not JSON');
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const place = issue.path.join(' → ') || 'the whole';
  if (issue.code === 'unrecognized_keys') return `${place}: ${issue.keys.join(', ')} is not recognised`;
  return `${place}: ${issue.code === 'invalid_type' ? `must be of type ${issue.expected}` : issue.message}`;
}

const invalid = (fault: string) => new Error(`The environment variable TICKETING is not valid: ${fault}`);

/** Settings of ticketing. Defaults are those of the template's parameters. */
export const ticketingSettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** The systems connected by webhook. */
    TICKETING: z.pipe(z._default(z.string(), ''), z.transform(parseConnections)),
    /** Whether outcomes may be posted to addresses that are not public. */
    OUTCOME_PRIVATE_ADDRESSES: z._default(z.enum(['allow', 'refuse']), 'refuse'),
  }),
);
