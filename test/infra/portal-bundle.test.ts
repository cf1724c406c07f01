import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { portalPage } from '../../clients/portal/page.ts';
import { bundleFunction } from '../../infra/bundle.ts';
import { getPortal } from '../../shared/contract/operations/get-portal.ts';
import { apiEnv, apiEvent } from '../support/api-event.ts';

it('serves from its bundle the same page as from its source, made for the Region that it runs in', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'portal-'));
  try {
    const entryPoint = fileURLToPath(new URL('../../functions/get-portal.ts', import.meta.url));
    const { size } = await bundleFunction(getPortal, entryPoint, directory);
    const url = pathToFileURL(`${directory}/get-portal/index.mjs`).href;
    const event = JSON.stringify(apiEvent({ path: '/', requestContext: { path: '/' } }));
    const code = `
      const { handler } = await import(${JSON.stringify(url)});
      const response = await handler(${event}, { getRemainingTimeInMillis: () => 9000 });
      process.stdout.write(JSON.stringify(response));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: { ...apiEnv, AWS_REGION: 'eu-central-1' },
    });
    // Before it is the line of the log.
    const response = JSON.parse(output.slice(output.lastIndexOf('\n{"statusCode"')));
    const { content, headers } = portalPage('eu-central-1');
    expect(response).toMatchObject({ statusCode: 200, headers });
    expect(response.body === content).toBe(true);
    expect(content).toContain('<meta name="region" content="eu-central-1">');
    // The texts alone are in it: no bundler.
    expect(size).toBeLessThan(300_000);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
