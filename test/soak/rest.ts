import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inspection } from '../../local-aws/inspection.ts';
import { checkAlways, checkAtRest } from './invariants.ts';
import { followJournal } from './journal.ts';
import { checkLives } from './lives.ts';
import type { Random } from './random.ts';
import { isUnderWay, recoveriesIn } from './table.ts';
import type { World } from './world.ts';

const stepSeconds = 60;
/** Executions take at most 15 minutes of the clock; the first steps let other work end. */
const mostSteps = 20;
const leastSteps = 2;

/** Ends all trouble, lets the product finish its work, and checks what must be true then. */
export async function rest(world: World, random: Random): Promise<void> {
  const { control, staff, stack, model } = world;
  await control.calm();
  await control.settle();
  world.isTroubled = false;
  followJournal(world);
  checkAlways(world, await control.state());
  await finishRecoveries(world);
  await control.run('delete-expired-devices');
  await control.settle();
  followJournal(world);
  const state = await control.state();
  checkAlways(world, state);
  checkAtRest(world, state);
  await staff.renew(stack);
  await checkLives(world, state, random);
  followJournal(world);
  await checkSecrets(world);
  model.reset(await control.state());
  world.passUses.length = 0;
  await laterOn(world, random);
}

async function finishRecoveries(world: World): Promise<void> {
  const { control, report, people } = world;
  for (let step = 1; step <= mostSteps; step += 1) {
    await control.advance(stepSeconds);
    await control.run('execute-recoveries');
    await control.settle();
    const left = recoveriesIn(await control.state()).filter(isUnderWay);
    if (left.length === 0 && step >= leastSteps) return;
    if (step < mostSteps) continue;
    for (const { id, state, userName } of left) {
      const person = people.find((candidate) => candidate.userName === userName);
      report.violation('no recovery is stuck', `${id} of ${userName} is still ${state}`, person);
    }
  }
}

/** Nothing secret is written or sent anywhere. */
async function checkSecrets(world: World): Promise<void> {
  const { control, stack, secrets, report, dataDir } = world;
  const state: Inspection = await control.state();
  const places: readonly (readonly [string, string])[] = [
    ['event, mail or notification', JSON.stringify(await control.events())],
    ['item of the table', JSON.stringify(state)],
    ['line of output', stack.output],
    ...filesIn(join(dataDir, 'dynamodb')),
    ['state file', readFileSync(join(dataDir, 'account.json'), 'latin1')],
  ];
  for (const [place, text] of places) {
    const leaks = secrets.leaksIn(text).filter((leak) => !mayBeThere(place, leak));
    for (const leak of leaks) report.violation(`no secret in a ${place}`, leak);
  }
}

/** The state file is IAM, which has seeds and keys. Six digits in binary data mean nothing. */
function mayBeThere(place: string, leak: string): boolean {
  if (place === 'state file') return /^(seed|access key|code) /.test(leak);
  return place.startsWith('table file') && leak.startsWith('code ');
}

const filesIn = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder).map((name) => [`table file ${name}`, readFileSync(join(folder, name), 'latin1')]);

const hour = 3600;

/** Now and then a long time passes: recoveries and pending devices expire, and sessions end. */
async function laterOn({ control, staff, stack }: World, random: Random): Promise<void> {
  const seconds = random.pick([0, 0, 60, hour, 26 * hour, 8 * 24 * hour]);
  if (seconds === 0) return;
  await control.advance(seconds);
  await control.run('execute-recoveries');
  await control.run('delete-expired-devices');
  await control.settle();
  await staff.renew(stack);
}
