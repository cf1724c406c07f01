import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildResult, buildSync } from 'esbuild';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page's script and style sheet as strings. Bundles inline them here (infra/bundle/replacements.ts). */
export const portalAssets = { script: bundled('src/main.ts'), style: minified('src/style.css') };

function bundled(entryPoint: string): string {
  return textOf(
    buildSync({
      entryPoints: [pathOf(entryPoint)],
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      // aws4fetch declares its ES module under `module`.
      mainFields: ['browser', 'module', 'main'],
      target: ['es2023', 'chrome120', 'firefox121', 'safari17'],
      legalComments: 'inline',
      logLevel: 'error',
      write: false,
    }),
  );
}

function minified(stylesheet: string): string {
  const source = readFileSync(pathOf(stylesheet), 'utf8');
  return textOf(
    buildSync({ stdin: { contents: source, loader: 'css' }, minify: true, logLevel: 'error', write: false }),
  );
}

function textOf({ outputFiles = [] }: BuildResult): string {
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild produced no output for the page');
  return file.text;
}
