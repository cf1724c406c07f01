import { readdirSync } from 'node:fs';
import type { Operation } from './operation.ts';

const folder = new URL('./operations/', import.meta.url);

/**
 * All operations of the API, loaded from their contract files and sorted by name.
 * Throws if a file does not export exactly one operation, named after the file.
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
