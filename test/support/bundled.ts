import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { functionSource } from '../../infra/bundle/function-source.ts';
import { bundleFunction } from '../../infra/bundle/main.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { apiEnv, apiEvent } from './api-event.ts';

/** What the bundle of an operation without input answers, in a folder with nothing beside it, and its size in bytes. */
export async function answerOfBundle(operation: Operation, env: Readonly<Record<string, string>> = {}) {
  const { name, path } = operation;
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  try {
    const entryPoint = fileURLToPath(functionSource(name));
    const { size } = await bundleFunction(operation, entryPoint, directory);
    const url = pathToFileURL(`${directory}/${name}/index.mjs`).href;
    const event = JSON.stringify(apiEvent({ path }));
    const code = `
      const { handler } = await import(${JSON.stringify(url)});
      const response = await handler(${event}, { getRemainingTimeInMillis: () => 9000 });
      process.stdout.write(JSON.stringify(response));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: { ...apiEnv, ...env },
      maxBuffer: 16 * 1024 * 1024,
    });
    // Before it is the line of the log.
    const response = JSON.parse(output.slice(output.lastIndexOf('\n{"statusCode"')));
    return { response, size };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
