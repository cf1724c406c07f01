import { readFile, writeFile } from 'node:fs/promises';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { openApiDocument } from './document.ts';
import { eventsSchema } from './events.ts';

/** The committed documents below docs/. The API also serves its own. */
const documents: Readonly<Record<string, () => Promise<object>>> = {
  'openapi.json': async () => openApiDocument(await loadOperations()),
  'events.schema.json': async () => eventsSchema(),
};

/** Writes the documents, or with `--check` only reports whether the committed ones are up to date. */
async function main(): Promise<void> {
  const check = process.argv.includes('--check');
  for (const [name, make] of Object.entries(documents)) {
    const file = new URL(`../../docs/${name}`, import.meta.url);
    const text = `${JSON.stringify(await make(), null, 2)}\n`;
    if (!check) await writeFile(file, text);
    else if ((await readFile(file, 'utf8').catch(() => '')) !== text) reportDrift(name);
  }
}

function reportDrift(name: string): void {
  process.stderr.write(`docs/${name} is out of date: run npm run openapi and commit it.\n`);
  process.exitCode = 1;
}

if (import.meta.main) await main();
