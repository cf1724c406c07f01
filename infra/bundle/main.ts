import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { functionSource } from './function-source.ts';
import { plainBuiltins } from './plain-builtins.ts';
import { assertAllReplaced, replaceFiles } from './replacements.ts';

const root = new URL('../../', import.meta.url);

/** Budgets of minified bundles in bytes: most of them, those that draw QR codes, and the one that serves pages. */
const budgets = { ordinary: 300_000, drawing: 330_000, page: 2_500_000 };

/** A module to bundle, with the name of its bundle and the media types it serves besides JSON. */
export interface Source extends Pick<Operation, 'name' | 'media'> {
  readonly entryPoint: string;
}

/** Sizes in bytes. */
export interface Bundle {
  readonly operation: string;
  readonly size: number;
  readonly budget: number;
}

export interface Bundled {
  readonly bundles: readonly Bundle[];
  /** Paths of all bundled files. */
  readonly inputs: readonly string[];
}

/**
 * Bundles each module separately, into `<outDirectory>/<name>/index.mjs`, but in one run: they share most imports,
 * which are then read only once.
 */
export async function bundleModules(sources: readonly Source[], outDirectory: string): Promise<Bundled> {
  const { metafile } = await build({
    entryPoints: sources.map(({ name, entryPoint }) => ({ in: entryPoint, out: `${name}/index` })),
    outdir: outDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'error',
    // The SDK's ES modules: half the size of its CommonJS, and without http2.
    mainFields: ['module', 'main'],
    plugins: [replaceFiles, plainBuiltins],
  });
  const bundles = sources.map((source) => ({
    operation: source.name,
    size: statSync(`${outDirectory}/${source.name}/index.mjs`).size,
    budget: budgetOf(source),
  }));
  return { bundles, inputs: Object.keys(metafile.inputs) };
}

/** Bundles all functions. Throws if a file to be replaced was not among those bundled. */
export async function bundleAllFunctions(outDirectory: string): Promise<Bundled> {
  const background = backgroundFunctions.map(({ name }) => ({ name, media: [] }));
  const sources = [...(await loadOperations()), ...background].map(({ name, media }) => ({
    name,
    media,
    entryPoint: fileURLToPath(functionSource(name)),
  }));
  const bundled = await bundleModules(sources, outDirectory);
  assertAllReplaced(bundled.inputs);
  return bundled;
}

function budgetOf({ media }: Pick<Operation, 'media'>): number {
  if (media.includes('text/html')) return budgets.page;
  return media.includes('image/png') ? budgets.drawing : budgets.ordinary;
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(path, root));
}

function table(bundles: readonly Bundle[]): string {
  const lines = bundles.map(({ operation, size, budget }) => {
    const [kilobytes, limit] = [size, budget].map((bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9));
    return `${operation.padEnd(32)} ${kilobytes} of ${limit}${size > budget ? '  over budget' : ''}`;
  });
  return lines.join('\n');
}

async function main(): Promise<void> {
  await rm(pathOf('dist'), { recursive: true, force: true });
  const { bundles } = await bundleAllFunctions(pathOf('dist'));
  console.log(table(bundles));
  if (bundles.some(({ size, budget }) => size > budget)) process.exitCode = 1;
}

if (import.meta.main) await main();
