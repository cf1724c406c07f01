import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { bundleFunction } from '../../infra/bundle.ts';
import { getDocs } from '../../shared/contract/operations/get-docs.ts';
import { docsPage } from '../../shared/docs/page.ts';
import { apiEnv, apiEvent } from '../support/api-event.ts';

it('serves from its bundle, which has nothing beside it, the same page as from its source', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    const entryPoint = fileURLToPath(new URL('../../functions/get-docs.ts', import.meta.url));
    await bundleFunction(getDocs, entryPoint, directory);
    const url = pathToFileURL(`${directory}/get-docs/index.mjs`).href;
    const event = JSON.stringify(apiEvent({ path: '/v1/docs' }));
    const code = `
      const { handler } = await import(${JSON.stringify(url)});
      const response = await handler(${event}, { getRemainingTimeInMillis: () => 9000 });
      process.stdout.write(JSON.stringify(response));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: apiEnv,
      maxBuffer: 16 * 1024 * 1024,
    });
    // Before it is the line of the log.
    const response = JSON.parse(output.slice(output.lastIndexOf('\n{"statusCode"')));
    const { content, headers } = docsPage();
    expect(response).toMatchObject({ statusCode: 200, headers });
    expect(response.body === content).toBe(true);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
