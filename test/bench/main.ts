import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleAll, sizeRows } from './bundles.ts';
import { coldRow } from './cold-request.ts';
import { commandLineRows } from './command-line.ts';
import { localAwsRow } from './local-aws.ts';
import { chainRows, requestRows, startStack } from './requests.ts';
import { isMet, type Row, tableOf } from './row.ts';
import { moduleRow, startRows } from './start.ts';
import { upstreamRows } from './upstream.ts';

const usage = 'Usage: npm run bench -- [--full] [--json <file>]\n';

/** How much to measure: a run of about two minutes, or one for published figures. */
const amounts = {
  short: { starts: 25, colds: 15, runs: 10, requests: 800, chain: 20, heapCalls: [500, 2_000], seconds: 3 },
  full: {
    starts: 60,
    colds: 40,
    runs: 30,
    requests: 5_000,
    chain: 60,
    heapCalls: [10_000, 100_000],
    seconds: 20,
  },
} as const;

type Amount = (typeof amounts)['short' | 'full'];

async function main(): Promise<void> {
  const { full, json } = parseArgs({
    options: { full: { type: 'boolean', default: false }, json: { type: 'string' } },
  }).values;
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const rows = await measureAll(directory, full ? amounts.full : amounts.short);
    process.stdout.write(`${tableOf(rows)}\n`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report(rows, full), null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Run in sequence; each group interleaves what it compares. */
async function measureAll(directory: string, amount: Amount): Promise<readonly Row[]> {
  const bundles = await bundleAll(directory);
  const stack = await startStack();
  try {
    return [
      ...(await requestRows(stack.told, { directory, rounds: amount.requests, heapCalls: amount.heapCalls })),
      ...(await chainRows(directory, amount.chain)),
      ...(await upstreamRows()),
      await coldRow(stack.told, { directory, rounds: amount.colds }),
      ...(await startRows({ directory, rounds: amount.starts })),
      moduleRow(
        directory,
        bundles.map(({ operation }) => operation),
      ),
      ...(await sizeRows(bundles)),
      ...(await commandLineRows(stack.told, { directory, ...amount })),
      await localAwsRow(stack.told.awsUrl, amount.seconds),
    ];
  } finally {
    await stack.end();
  }
}

function report(rows: readonly Row[], full: boolean) {
  return {
    time: new Date().toISOString(),
    node: process.version,
    processors: cpus().length,
    full,
    rows: rows.map((row) => ({ ...row, met: isMet(row) })),
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 1;
}
