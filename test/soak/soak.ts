import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackProcess } from '../support/stack-process.ts';
import { crashAfterAnswer, ignore, lag, schedule, tick, trouble } from './chaos.ts';
import { Control } from './control.ts';
import { personalActions } from './device-actions.ts';
import { GrowingFile } from './growing-file.ts';
import { IamModel } from './iam-model.ts';
import type { SoakOptions } from './options.ts';
import { populate } from './population.ts';
import { Random } from './random.ts';
import { Report } from './report.ts';
import { rest } from './rest.ts';
import { Secrets } from './secrets.ts';
import { Staff } from './staff.ts';
import { staffActions } from './staff-actions.ts';
import { recoveriesIn } from './table.ts';
import { Turnstile } from './turnstile.ts';
import type { World } from './world.ts';

const people = 10;
const workers = 4;

/** Makes histories until time, rounds or hope are over. The folder is printed if it is kept. */
export async function soak(options: SoakOptions, print: (line: string) => void): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mfa-soak-'));
  const stack = new StackProcess({ DATA_DIR: dataDir, JOURNAL: join(dataDir, 'journal.jsonl') });
  const report = new Report();
  try {
    await stack.start();
    const world = await createWorld(stack, dataDir, report);
    await makeHistories(world, options, print);
    await summarize(world);
  } finally {
    await stack.stop();
    if (options.keep) print(`State and journal are in ${dataDir}`);
    else await rm(dataDir, { recursive: true });
  }
  return report;
}

async function createWorld(stack: StackProcess, dataDir: string, report: Report): Promise<World> {
  const control = new Control(stack);
  const secrets = new Secrets();
  const staff = new Staff();
  const passUses: World['passUses'] = [];
  const enrolledWithPass = new Set<string>();
  const population = await populate(stack, people);
  const model = new IamModel({
    mayEnrol: (userName) => population.some((one) => one.userName === userName && one.mayEnrolAtIam),
    hasPass: (serialNumber) => enrolledWithPass.has(serialNumber),
    sentPass: (userName, at) =>
      passUses.some((use) => use.userName === userName && use.from <= at && at <= use.to),
  });
  for (const { keys } of population) secrets.note('access key', keys.secretAccessKey);
  await staff.renew(stack);
  await control.advance(0);
  model.reset(await control.state());
  return {
    ...{ stack, control, report, secrets, staff, model, passUses, enrolledWithPass, dataDir },
    journal: new GrowingFile(join(dataDir, 'journal.jsonl')),
    people: population,
    turnstile: new Turnstile(workers),
    claims: [],
    recoveries: new Set(),
    cutOff: new Set(),
    answered: ignore,
    isTroubled: false,
    tickets: 0,
    step: 0,
  };
}

async function makeHistories(
  world: World,
  options: SoakOptions,
  print: (line: string) => void,
): Promise<void> {
  const { report } = world;
  const random = new Random(`soak ${options.seed}`);
  const end = Date.now() + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  for (let round = 1; round <= (options.rounds ?? Number.POSITIVE_INFINITY) && Date.now() < end; round += 1) {
    report.round = round;
    const ofRound = random.fork(`round ${round}`);
    await act(world, options.steps, ofRound);
    await rest(world, ofRound.fork('rest'));
    const { violations } = report;
    print(`round ${round}: ${report.countOf('requests')} requests so far, ${violations.length} violations`);
    if (report.isHopeless) return;
  }
}

/** All act at once, with faults in most rounds, and a kill in the middle of each. */
async function act(world: World, steps: number, random: Random): Promise<void> {
  const share = Math.ceil(steps / workers);
  const isCalm = random.chance(0.2);
  const killAt = random.between(Math.floor(share / 4), Math.floor((share * 3) / 4));
  let over: () => void = ignore;
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  let kill: Promise<void> | undefined;
  const work = async (number: number) => {
    const choices = random.fork(`worker ${number}`);
    for (let step = 0; step < share; step += 1) {
      if (number === 0 && step === killAt) kill = crashAfterAnswer(world, isOver);
      await anyAction(world, choices, isCalm);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, number) => work(number)));
  over();
  await kill;
}

const byPeople = 'by people';

const kinds = [
  { name: byPeople, weight: 110 },
  { name: 'tick', weight: 6 },
  { name: 'schedule', weight: 2 },
  { name: 'trouble', weight: 9 },
  { name: 'lag', weight: 2 },
] as const;

async function anyAction(world: World, random: Random, isCalm: boolean): Promise<void> {
  const { name } = random.weighted(kinds);
  if (name === 'tick') return tick(world, random.between(5, 95));
  if (name === 'schedule') return schedule(world, random);
  if (name !== byPeople) {
    if (isCalm) return;
    return name === 'lag' ? lag(world, random) : trouble(world, random);
  }
  const action = random.weighted([...personalActions, ...staffActions]);
  world.report.count(`actions: ${action.name}`);
  await action.run(world, random.pick(world.people), random);
}

async function summarize({ control, report }: World): Promise<void> {
  for (const { state } of recoveriesIn(await control.state())) report.count(`recoveries ${state}`);
}
