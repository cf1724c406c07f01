import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { apiSource } from './api-source.ts';

export const apiFile = new URL('../src/api.ts', import.meta.url);

/** The formatted source of src/api.ts. */
export async function formattedApi(): Promise<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${fileURLToPath(apiFile)}`],
    {
      input: await apiSource(),
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    },
  );
  if (status !== 0) throw new Error(`Biome could not format the client's operations: ${stderr}`);
  return stdout;
}

if (import.meta.main) writeFileSync(apiFile, await formattedApi());
