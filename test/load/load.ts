import { setTimeout as sleep } from 'node:timers/promises';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { StackProcess } from '../support/stack-process.ts';
import { residentMegabytes } from './memory.ts';
import type { LoadOptions } from './options.ts';
import { Staff } from './staff.ts';
import { staffRound } from './staff-round.ts';
import { Tally } from './tally.ts';
import { Over, Target } from './target.ts';
import { userRound } from './user-round.ts';

const sampleMs = 1000;
const samplesPerLine = 30;
/** Every so many clients, one is the help desk. */
const staffShare = 8;

/** Returns what failed, and prints the rest. */
export async function load(
  { minutes, clients, limit }: LoadOptions,
  print: (line: string) => void,
): Promise<readonly string[]> {
  const stack = new StackProcess();
  const tally = new Tally();
  const started = performance.now();
  await stack.start();
  try {
    print(`healthy after ${Math.round(performance.now() - started)} ms, ${memoryOf(stack)} MB`);
    const target = new Target(stack, tally);
    const staff = new Staff(stack);
    const rounds = Array.from({ length: clients }, (_, index) =>
      keepOn(target, index % staffShare === 0 ? () => staffRound(target, staff) : () => userRound(target)),
    );
    const highest = await watch(stack, tally, minutes, print);
    target.isOver = true;
    await Promise.all(rounds);
    await finish(stack, tally, print);
    if (highest > limit) tally.fail(`It took ${highest} MB, more than ${limit}`);
  } finally {
    await stack.stop();
  }
  return tally.failures();
}

const memoryOf = ({ pid }: StackProcess): number => Math.round(residentMegabytes(pid));

async function keepOn(target: Target, round: () => Promise<void>): Promise<void> {
  while (!target.isOver) {
    await round().catch((error: unknown) => {
      if (!(error instanceof Over)) throw error;
    });
  }
}

/** Prints a line each half minute, and returns the most memory seen. */
async function watch(
  stack: StackProcess,
  tally: Tally,
  minutes: number,
  print: (line: string) => void,
): Promise<number> {
  const end = Date.now() + minutes * 60_000;
  let highest = 0;
  for (let samples = 1; Date.now() < end; samples += 1) {
    await sleep(sampleMs);
    highest = Math.max(highest, memoryOf(stack));
    if (samples % samplesPerLine !== 0) continue;
    const seconds = Math.round((samples * sampleMs) / 1000);
    print(
      `${String(seconds).padStart(5)} s ${memoryOf(stack)} MB, at most ${highest}; ${tally.total} answers`,
    );
  }
  return highest;
}

async function finish(stack: StackProcess, tally: Tally, print: (line: string) => void): Promise<void> {
  const operations = (await loadOperations()).map(({ name }) => name);
  for (const operation of tally.withoutSuccess(operations)) tally.fail(`${operation} never succeeded`);
  for (const line of tally.lines()) print(line);
  print(`\nall ${[...tally.byStatus()].map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  print(`${memoryOf(stack)} MB at the end`);
}
