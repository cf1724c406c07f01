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
  /** What the topic of the operators was given. */
  notifications: z.array(z.object({ topic: z.string() })),
});

const auditLine = z.object({
  audit: z.literal(true),
  time: z.string(),
  action: z.string(),
  result: z.string(),
  /** The person. */
  userName: z.string().optional(),
  /** The ticketing system of a webhook that names nobody, or is not believed. */
  system: z.string().optional(),
  requestId: z.string(),
});

/** An event, and the mail about it. */
export interface Told {
  readonly type: string;
  /** Empty where there was no mail. */
  readonly mailTo: string;
}

/** Shows the events so far with their mails, which are to be these; all go to the operators. Gives the request ids of the events. */
export async function whatWasTold(
  runner: ScenarioRunner,
  sentence: string,
  expected: readonly Told[],
): Promise<readonly string[]> {
  const look = () => runner.send({ route: 'GET /_local/events' }, recordedEvents);
  const { events, mails } = await runner.succeeds(sentence, look, {
    holds: ({ events, notifications }) => notifications.length === events.length,
    shows: ({ events, mails, notifications }) => ({
      events: events.length,
      'to the operators': notifications.length,
      mails: mails.length,
    }),
  });
  const told = events.toSorted(byTime).map(({ 'detail-type': type, detail: { requestId } }) => {
    const mail = mails.find(({ text }) => text.includes(requestId));
    return { type, mailTo: mail?.to.join(', ') ?? '', subject: mail?.subject ?? '', requestId };
  });
  const rows = told.map(({ type, mailTo, subject }) => [type, mailTo, subject]);
  runner.printer.table(['event', 'mail to', 'subject'], rows);
  const content = (list: readonly Told[]) => list.map(({ type, mailTo }) => `${type} ${mailTo}`.trim());
  compare(runner, content(expected), content(told));
  return told.map(({ requestId }) => requestId);
}

/** Shows the audit lines so far, which are to be these: action, who and result, separated by spaces. */
export function whatWasLogged(
  runner: ScenarioRunner,
  sentence: string,
  { lines: expected, eventsOf }: { readonly lines: readonly string[]; readonly eventsOf: readonly string[] },
): void {
  runner.begins(sentence, 'the log of the functions');
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
  const [wanted, given] = [expected.join(', '), found.join(', ')];
  if (wanted !== given) throw runner.unexpected(wanted, undefined, `with ${given || 'nothing'}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
