import { readFile, writeFile } from 'node:fs/promises';
import { openApiDocument } from './openapi/document.ts';
import { loadOperations } from './operations.ts';

/** The committed document, which is also served. */
const file = new URL('../docs/openapi.json', import.meta.url);

/** Writes the document, or with `--check` only tells whether the committed one is that of the contracts. */
async function main(): Promise<void> {
  const text = `${JSON.stringify(openApiDocument(await loadOperations()), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
    return;
  }
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === text) return;
  process.stderr.write(
    'docs/openapi.json is not that of the contracts: run npm run openapi and commit it.\n',
  );
  process.exitCode = 1;
}

if (import.meta.main) await main();
