import { apiEnv } from '../support/api-event.ts';
import { askChild, type Child, startChild } from './child.ts';
import { median, tail } from './measure.ts';
import type { ChainInput, ChainTold } from './processes/chain.ts';
import type { RequestsInput, RequestsTold } from './processes/requests.ts';
import type { RunningStack } from './processes/stack.ts';
import { ratioRow } from './ratio.ts';
import type { Row } from './row.ts';

export interface RequestsOptions {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly rounds: number;
  readonly heapCalls: readonly [number, number];
}

export const startStack = (): Promise<Child<RunningStack>> => startChild<RunningStack>('stack.ts');

/** Full requests through bundled handlers to a local AWS in another process, and the heap they retain. */
export async function requestRows(
  { awsUrl, userId, environment }: RunningStack,
  options: RequestsOptions,
): Promise<readonly Row[]> {
  const input: RequestsInput = { ...options, awsUrl, userId };
  const execArgv = ['--expose-gc'];
  const told = await askChild<RequestsTold>('requests.ts', { input, env: environment, execArgv });
  const { oneCall, bareOne, list, bareBoth, raw } = told.samples;
  return [
    ratioRow('a handler of one call / that call by the SDK', oneCall, bareOne, { reach: { atMost: 1.1 } }),
    ratioRow('list-mfa-devices / its two calls by the SDK', list, bareBoth),
    tailRow(oneCall, raw),
    heapRow('list-mfa-devices', options.heapCalls, told.heap),
  ];
}

function tailRow(handler: readonly number[], raw: readonly number[]): Row {
  const figures = { handler: tail(handler), raw: tail(raw), rawMillis: median(raw) };
  return {
    what: 'p99/p50 of a handler of one call / of raw HTTP',
    value: figures.handler / figures.raw,
    unit: '',
    reach: { atMost: 1.25 },
    detail: `${figures.handler.toFixed(2)} and ${figures.raw.toFixed(2)}`,
    figures,
  };
}

/** The middleware and checks alone, without SDK or network. */
export async function chainRows(directory: string, rounds: number): Promise<readonly Row[]> {
  const input: ChainInput = { directory, rounds };
  const env = { ...apiEnv, AWS_REGION: 'us-east-1' };
  const { samples, heap } = await askChild<ChainTold>('chain.ts', { input, env, execArgv: ['--expose-gc'] });
  return [
    chainRow('without a body', samples.list, samples.middyAlone),
    chainRow('with a body', samples.enable, samples.middyAlone),
    writtenRow(samples.listWritten, samples.writeAlone),
    heapRow('the chain', [10_000, 100_000], heap),
  ];
}

function chainRow(request: string, samples: readonly number[], middyAlone: readonly number[]): Row {
  const figures = {
    medianMicros: median(samples),
    leastMicros: Math.min(...samples),
    middyAloneMicros: median(middyAlone),
  };
  return {
    what: `middleware and validation alone, ${request}`,
    value: figures.medianMicros,
    unit: 'µs',
    reach: { atMost: 10 },
    detail: `least ${figures.leastMicros.toFixed(1)}; middy around nothing ${figures.middyAloneMicros.toFixed(1)}`,
    figures,
  };
}

/** The operating system's share: one system call for the line that a function logs. */
function writtenRow(samples: readonly number[], writeAlone: readonly number[]): Row {
  const figures = { medianMicros: median(samples), writeAloneMicros: median(writeAlone) };
  return {
    what: 'the same without a body, its log line written',
    value: figures.medianMicros,
    unit: 'µs',
    detail: `writing that line alone ${figures.writeAloneMicros.toFixed(1)}`,
    figures,
  };
}

function heapRow(
  what: string,
  [early, late]: readonly [number, number],
  heap: readonly [number, number],
): Row {
  const [before, after] = heap;
  return {
    what: `heap of ${what}, ${early} → ${late} calls`,
    value: (after - before) / 1e6,
    unit: 'MB',
    reach: { atMost: 1 },
    detail: `after collection, from ${(before / 1e6).toFixed(1)} MB`,
    figures: { beforeBytes: before, afterBytes: after },
  };
}
