import { copyFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const pathOf = (path: string): string => fileURLToPath(new URL(path, new URL('../', import.meta.url)));

/** What the bundle takes in besides the project's own code; their licences go along. */
const bundled = ['aws4fetch', 'commander'];

/** Commander can start other programs as subcommands. What it loads for that takes a tenth of the time of a command. */
const noSubcommandPrograms: Plugin = {
  name: 'no-subcommand-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'none' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Makes dist/: the command, complete in itself, in parts of which one is loaded when it is needed. */
async function main(): Promise<void> {
  await rm(pathOf('dist'), { recursive: true, force: true });
  await build({
    entryPoints: { 'iam-mfa': pathOf('src/main.ts') },
    outdir: pathOf('dist'),
    bundle: true,
    inject: [pathOf('tools/headers.ts')],
    splitting: true,
    plugins: [noSubcommandPrograms],
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    // Commander is CommonJS.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    legalComments: 'none',
    logLevel: 'error',
  });
  await copyFile(pathOf('../../LICENSE'), pathOf('dist/LICENSE'));
  const require = createRequire(import.meta.url);
  for (const name of bundled) {
    const [folder] = require.resolve(name).split(/(?<=[\\/]node_modules[\\/][^\\/]+)[\\/]/);
    await copyFile(`${folder}/LICENSE`, pathOf(`dist/LICENSE-${name}`));
  }
}

await main();
