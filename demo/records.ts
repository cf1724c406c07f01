import * as z from 'zod';
import type { ScenarioRunner } from './scenario.ts';

const recordedEvents = z.object({
  events: z.array(
    z.object({
      'detail-type': z.string(),
      detail: z.object({ requestId: z.string(), time: z.string() }),
    }),
  ),
  mails: z.array(z.object({ to: z.array(z.string()), subject: z.string(), text: z.string() })),
  /** The messages published to the operators' topic. */
  notifications: z.array(z.object({ topic: z.string() })),
});

const auditLine = z.object({
  audit: z.literal(true),
  time: z.string(),
  action: z.string(),
  result: z.string(),
  /** The user who acted. */
  userName: z.string().optional(),
  /** The ticketing system, if its webhook names no requester or was refused. */
  system: z.string().optional(),
  requestId: z.string(),
});

/** An event, and the recipient of the mail about it. */
export interface ExpectedEvent {
  readonly type: string;
  /** Empty if there was no mail. */
  readonly mailTo: string;
}

/**
 * Shows the events so far with their mails. Throws unless they are as expected and the operators received every event.
 * Returns the events' request ids.
 */
export async function showEvents(
  runner: ScenarioRunner,
  sentence: string,
  expected: readonly ExpectedEvent[],
): Promise<readonly string[]> {
  const getEvents = () => runner.send({ route: 'GET /_local/events' }, recordedEvents);
  const { events, mails } = await runner.succeeds(sentence, getEvents, {
    holds: ({ events, notifications }) => notifications.length === events.length,
    shows: ({ events, mails, notifications }) => ({
      events: events.length,
      'to the operators': notifications.length,
      mails: mails.length,
    }),
  });
  const actual = events.toSorted(byTime).map(({ 'detail-type': type, detail: { requestId } }) => {
    const mail = mails.find(({ text }) => text.includes(requestId));
    return { type, mailTo: mail?.to.join(', ') ?? '', subject: mail?.subject ?? '', requestId };
  });
  const rows = actual.map(({ type, mailTo, subject }) => [type, mailTo, subject]);
  runner.printer.table(['event', 'mail to', 'subject'], rows);
  const summary = (list: readonly ExpectedEvent[]) =>
    list.map(({ type, mailTo }) => `${type} ${mailTo}`.trim());
  compare(runner, summary(expected), summary(actual));
  return actual.map(({ requestId }) => requestId);
}

/**
 * Shows the audit lines so far. Throws unless they are the given `lines` (action, who and result, separated by spaces)
 * and there is one for every event.
 */
export function showAuditLines(
  runner: ScenarioRunner,
  sentence: string,
  { lines: expected, eventsOf }: { readonly lines: readonly string[]; readonly eventsOf: readonly string[] },
): void {
  runner.begins(sentence, "the functions' log");
  const lines = runner.log.flatMap((line) => auditLine.safeParse(parsed(line)).data ?? []).sort(byTime);
  const rows = lines.map(({ time, action, userName, system, result, requestId }) => {
    const who = userName ?? system ?? 'the service';
    return [time.slice(11, 19), action, who, result, requestId, String(runner.stepOf(requestId) ?? '')];
  });
  runner.printer.table(['time', 'action', 'who', 'result', 'request id', 'step'], rows);
  compare(
    runner,
    expected,
    rows.map(([, ...row]) => row.slice(0, 3).join(' ')),
  );
  const logged = new Set(lines.map(({ requestId }) => requestId));
  const missing = eventsOf.filter((requestId) => !logged.has(requestId));
  if (missing.length > 0) {
    throw runner.unexpected('a line for every event', undefined, `with none for ${missing.join(', ')}`);
  }
}

const byTime = (one: Timed, other: Timed): number => timeOf(one).localeCompare(timeOf(other));

type Timed = { readonly time: string } | { readonly detail: { readonly time: string } };

const timeOf = (timed: Timed): string => ('time' in timed ? timed.time : timed.detail.time);

function compare(runner: ScenarioRunner, expected: readonly string[], found: readonly string[]): void {
  const [wanted, actual] = [expected.join(', '), found.join(', ')];
  if (wanted !== actual) throw runner.unexpected(wanted, undefined, `with ${actual || 'nothing'}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
