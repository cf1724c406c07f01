import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import type { Operation } from '../../shared/contract/operation.ts';
import { apiEnv, apiEvent } from './api-event.ts';

/** The answer of an input-less operation's bundle, run in an otherwise empty folder, and its size in bytes. */
export function answerOfBundle({ name, path }: Operation, env: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  try {
    const alone = join(directory, 'index.mjs');
    copyFileSync(join(inject('functions').directory, name, 'index.mjs'), alone);
    const event = JSON.stringify(apiEvent({ path }));
    const code = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(alone).href)});
      const response = await handler(${event}, { getRemainingTimeInMillis: () => 9000 });
      process.stdout.write(JSON.stringify(response));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: { ...apiEnv, ...env },
      maxBuffer: 16 * 1024 * 1024,
    });
    // The log line comes first.
    const response = JSON.parse(output.slice(output.lastIndexOf('\n{"statusCode"')));
    return { response, size: statSync(alone).size };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
