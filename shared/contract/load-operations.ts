import { readdirSync } from 'node:fs';
import type { Operation } from './operation.ts';

const folder = new URL('./operations/', import.meta.url);

/**
 * All operations of the API, found by their contract files, in order of their names.
 * Throws when a file does not export exactly one operation of the file's own name.
 */
export async function loadOperations(): Promise<readonly Operation[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return Promise.all(files.map(loadOperation));
}

async function loadOperation(file: string): Promise<Operation> {
  const exported: unknown[] = Object.values(await import(new URL(file, folder).href));
  const [operation] = exported as Operation[];
  if (exported.length !== 1 || operation === undefined || `${operation.name}.ts` !== file) {
    throw new Error(`shared/contract/operations/${file} must export one operation named after the file`);
  }
  return operation;
}
