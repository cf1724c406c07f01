import * as z from 'zod/mini';
import { type InputError, Problem } from '../contract/problem.ts';
import { personName, recoveryRequest, requestedReason } from '../contract/recovery-schemas.ts';
import type { Connection, TicketField } from '../contract/ticketing.ts';
import { valueAt } from '../lib/json-pointer.ts';

/** The body of POST /v1/recoveries, and the person who requests it according to the ticket. */
const ticketRequest = z.extend(recoveryRequest, { requestedBy: personName });

export type TicketRequest = z.output<typeof ticketRequest>;

/**
 * What a ticket requests, read from the configured fields. Throws `validation-failed` with what is wrong and where in
 * the body.
 */
export function requestOf(body: unknown, connection: Connection): TicketRequest {
  const at = (field: TicketField) => valueAt(body, connection.fields[field]);
  const candidate = {
    ticket: { system: connection.name, id: textOf(at('ticket.id')), url: given(at('ticket.url')) },
    userName: at('userName'),
    reason: reasonOf(at('reason'), connection),
    deviceIds: given(at('deviceIds')),
    evidence: given(at('evidence')),
    requestedBy: at('requestedBy'),
  };
  const result = ticketRequest.safeParse(candidate);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => describe(issue, at, connection));
  throw new Problem(
    'validation-failed',
    'The ticket lacks what the connection of its system expects. Correct what "errors" lists.',
    { errors },
  );
}

/** Forms send null or an empty string for fields that were left blank. */
const given = (value: unknown): unknown => (value === null || value === '' ? undefined : value);

/** Some systems have numeric ticket ids. */
const textOf = (value: unknown): unknown => (Number.isSafeInteger(value) ? String(value) : value);

const wordOf = (text: string): string => text.trim().toLowerCase();

function reasonOf(value: unknown, { reasons }: Connection): unknown {
  if (reasons === undefined || typeof value !== 'string') return value;
  return Object.entries(reasons).find(([word]) => wordOf(word) === wordOf(value))?.[1];
}

function describe(
  issue: z.core.$ZodIssue,
  at: (field: TicketField) => unknown,
  connection: Connection,
): InputError {
  const field = fieldOf(issue.path, connection.fields);
  const below = field === 'deviceIds' ? issue.path.slice(1) : [];
  const pointer = ['/body', connection.fields[field].slice(1), ...below].join('/');
  return { pointer, detail: `${faultOf(issue, at(field), field, connection)} (${field})` };
}

/** The configured field behind a path in the request. */
function fieldOf([first, second]: readonly PropertyKey[], fields: Connection['fields']): TicketField {
  const name = first === 'ticket' ? `ticket.${String(second)}` : String(first);
  const isField = (key: string): key is TicketField => key in fields;
  if (!isField(name)) throw new Error(`No field of a ticket is ${name}`);
  return name;
}

function faultOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  field: TicketField,
  { reasons }: Connection,
): string {
  if (value === undefined || value === null) return 'is required';
  if (field === 'reason')
    return `must be one of ${(reasons ? Object.keys(reasons) : requestedReason.options).join(', ')}`;
  return issue.code === 'invalid_type' ? `must be of type ${issue.expected}` : issue.message;
}
