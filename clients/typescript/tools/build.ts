import { execFileSync } from 'node:child_process';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packageFolder = new URL('../', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, packageFolder));

/** The third-party package in the bundle, whose licence is shipped with it. */
const bundled = 'aws4fetch';

/**
 * Builds dist/: one self-contained, readable ES module, its types, and both licences. Minifying is left to the user's
 * bundler.
 */
async function main(): Promise<void> {
  await rm(pathOf('dist'), { recursive: true, force: true });
  await build({
    entryPoints: [pathOf('src/index.ts')],
    outfile: pathOf('dist/index.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module'],
    target: ['es2022', 'node20.3'],
    legalComments: 'inline',
    logLevel: 'error',
  });
  const require = createRequire(import.meta.url);
  const typescript = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
  execFileSync(process.execPath, [typescript, '-p', pathOf('tsconfig.json')], { stdio: 'inherit' });
  await rewriteImports();
  const library = require.resolve(bundled).replace(/dist[\\/].*$/, 'LICENSE');
  await copyFile(pathOf('../../LICENSE'), pathOf('dist/LICENSE'));
  await copyFile(library, pathOf(`dist/LICENSE-${bundled}`));
}

/** The compiler keeps `.ts` imports in declarations, but the package has no such files. */
async function rewriteImports(): Promise<void> {
  const files = (await readdir(pathOf('dist'))).filter((file) => file.endsWith('.d.ts'));
  for (const file of files) {
    const text = await readFile(pathOf(`dist/${file}`), 'utf8');
    await writeFile(pathOf(`dist/${file}`), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
  }
}

if (import.meta.main) await main();
