import type { JournalEntry } from '../../local-aws/journal.ts';
import { checkClaims } from './claims.ts';
import type { World } from './world.ts';

/** Takes over what happened since the last call: checks each call of IAM, the answers given, and every line for secrets. */
export function followJournal(world: World): void {
  const { journal, model, people, report, secrets, claims } = world;
  const text = journal.read();
  for (const line of text.split('\n')) {
    const entry = entryIn(line);
    if (entry === undefined || !('call' in entry)) continue;
    report.count('calls of AWS');
    for (const { userName, rule, what } of model.apply(entry.call, entry.at)) {
      const person = people.find((candidate) => candidate.userName === userName);
      report.violation(rule, `${userName}: ${what}`, person);
    }
  }
  checkClaims(claims, model, report);
  for (const leak of secrets.leaksIn(text)) report.violation('no secret in a log or a trail', leak);
}

/** Undefined for a line that a kill cut off. */
function entryIn(line: string): JournalEntry | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
