import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { apiSources } from './api-source.ts';

const root = new URL('../../../', import.meta.url);

/** The expected content of the generated files, by URL. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const document = JSON.parse(readFileSync(new URL('docs/openapi.json', root), 'utf8'));
  const sources = Object.entries(apiSources(document));
  return new Map(
    sources.map(([name, source]) => {
      const file = new URL(`clients/typescript/src/${name}`, root);
      return [file.href, formatted(fileURLToPath(file), source)];
    }),
  );
}

function formatted(path: string, source: string): string {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${path}`],
    { input: source, encoding: 'utf8', cwd: fileURLToPath(root) },
  );
  if (status !== 0) throw new Error(`Biome could not format ${path}: ${stderr}`);
  return stdout;
}

if (import.meta.main) {
  for (const [file, text] of generatedFiles()) writeFileSync(new URL(file), text);
}
