import { copyFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const pathOf = (path: string): string => fileURLToPath(new URL(path, new URL('../', import.meta.url)));

/** Third-party packages in the bundle, whose licences are shipped with it. */
const bundled = ['aws4fetch', 'commander', 'zod'];

/** Commander can run other programs as subcommands. Loading what that needs takes a tenth of a command's run time. */
const noSubcommandPrograms: Plugin = {
  name: 'no-subcommand-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'none' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Builds dist/: the self-contained command, split into chunks that are loaded on demand. */
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
