import { execFileSync } from 'node:child_process';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packageFolder = new URL('../', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, packageFolder));

/** What the bundle takes in besides the client's own code, with what its licence wants to be handed on. */
const bundled = 'aws4fetch';

/**
 * Makes dist/: one ES module that is complete in itself and readable, its types, and the licences of both. Minifying is
 * left to the bundler of whoever uses it.
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

/** The compiler leaves imports in declarations as they are, and what they name is not in the package. */
async function rewriteImports(): Promise<void> {
  const files = (await readdir(pathOf('dist'))).filter((file) => file.endsWith('.d.ts'));
  for (const file of files) {
    const text = await readFile(pathOf(`dist/${file}`), 'utf8');
    await writeFile(pathOf(`dist/${file}`), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
  }
}

if (import.meta.main) await main();
