import { fileURLToPath } from 'node:url';
import { type Bundle, bundleAllFunctions, bundleModules } from '../../infra/bundle/main.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { Row } from './row.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The benchmarks' own bundles, built like those of the functions. */
const entries = ['one-call', 'no-call'];

/** Bundles every function and the benchmarks' entries into `<directory>/<name>/index.mjs`. */
export async function bundleAll(directory: string): Promise<readonly Bundle[]> {
  const { bundles } = await bundleAllFunctions(directory);
  const sources = entries.map((name) => ({
    name,
    media: [],
    entryPoint: `${root}test/bench/entries/${name}.ts`,
  }));
  await bundleModules(sources, directory);
  return bundles;
}

/** The largest bundle of each kind against its budget, which CI enforces (test/infra/bundle.test.ts). */
export async function sizeRows(bundles: readonly Bundle[]): Promise<readonly Row[]> {
  const operations = new Map((await loadOperations()).map((operation) => [operation.name, operation]));
  const kinds = Map.groupBy(bundles, ({ operation }) => kindOf(operations.get(operation)));
  return [...kinds].map(([kind, members]) => sizeRow(kind, members));
}

function kindOf(operation: Operation | undefined): string {
  if (operation === undefined || operation.media.length === 0) return 'of an ordinary operation';
  return operation.media.includes('image/png') ? 'with QR' : `with ${operation.media.join(', ')}`;
}

function sizeRow(kind: string, bundles: readonly Bundle[]): Row {
  const largest = bundles.reduce((one, other) => (other.size > one.size ? other : one));
  return {
    what: `bundle ${kind}`,
    value: largest.size / 1000,
    unit: 'kB',
    reach: { atMost: largest.budget / 1000 },
    detail: `the largest of ${bundles.length}, ${largest.operation}`,
    figures: Object.fromEntries(bundles.map(({ operation, size }) => [operation, size])),
  };
}
