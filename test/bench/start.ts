import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { interleave, median } from './measure.ts';
import type { Row } from './row.ts';

/** What is started: an operation that only calls IAM, one with the lease, one with QR codes. */
const operations = ['list-mfa-devices', 'delete-mfa-device', 'create-mfa-device'] as const;

export interface StartOptions {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly rounds: number;
}

/**
 * Wall-clock time of starting Node until the handler is exported, against Node with an empty module, without a
 * compile cache and with a warm one.
 */
export async function startRows({ directory, rounds }: StartOptions): Promise<readonly Row[]> {
  const empty = `${directory}/empty.mjs`;
  writeFileSync(empty, 'export const handler = 0;\n');
  const cache = `${directory}/compile-cache`;
  mkdirSync(cache);
  const cold = operations.map((name) => [name, start(`${directory}/${name}/index.mjs`)] as const);
  const [ordinary] = operations;
  const cached = start(`${directory}/${ordinary}/index.mjs`, { NODE_COMPILE_CACHE: cache });
  const warm = [[`${ordinary}, cached`, cached] as const];
  const contestants = Object.fromEntries([['bare', start(empty)], ...cold, ...warm]);
  // Fills the compile cache and the page cache.
  await interleave(contestants, 2);
  const samples = await interleave(contestants, rounds);
  const bare = samples['bare'] ?? [];
  return [...cold, ...warm].map(([name]) => startRow(name, samples[name] ?? [], bare));
}

/** Milliseconds of one start. */
const start =
  (module: string, env: Readonly<Record<string, string>> = {}) =>
  (): number => {
    const startedAt = performance.now();
    execFileSync(process.execPath, [module], { env: { AWS_REGION: 'us-east-1', ...env }, stdio: 'pipe' });
    return performance.now() - startedAt;
  };

function startRow(name: string, samples: readonly number[], bare: readonly number[]): Row {
  const figures = {
    medianMillis: median(samples),
    minimumMillis: Math.min(...samples),
    bareMedianMillis: median(bare),
    bareMinimumMillis: Math.min(...bare),
  };
  const ofMinima = figures.minimumMillis / figures.bareMinimumMillis;
  return {
    what: `start of ${name} / bare Node`,
    value: figures.medianMillis / figures.bareMedianMillis,
    unit: '',
    ...(name.endsWith('cached') ? {} : { reach: { atMost: 1.95 } }),
    detail: `medians of ${samples.length} starts; of the minima ${ofMinima.toFixed(2)}`,
    figures,
  };
}

/** Every bundle's handler loads without fetch and HTTP/2. CI enforces this too (test/infra/bundle.test.ts). */
export function moduleRow(directory: string, names: readonly string[]): Row {
  const loading = names.filter((name) => loadsMore(`${directory}/${name}/index.mjs`));
  return {
    what: 'bundles that load undici or http2 at the start',
    value: loading.length,
    unit: '',
    reach: { atMost: 0 },
    detail: loading.length > 0 ? loading.join(', ') : `of ${names.length}, by process.moduleLoadList`,
  };
}

function loadsMore(module: string): boolean {
  const code = `
    await import(${JSON.stringify(module)});
    process.stdout.write(String(process.moduleLoadList.some((name) => /undici|http2/.test(name))));`;
  const options = { env: { AWS_REGION: 'us-east-1' }, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], options).endsWith('true');
}
