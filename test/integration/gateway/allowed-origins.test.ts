import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rawFetch } from '../../support/http.ts';
import { outputOf } from '../../support/output.ts';

const main = fileURLToPath(new URL('../../../local-aws/main.ts', import.meta.url));

/** `npm start` with these origins. */
function start(origins: string) {
  const child = spawn(process.execPath, [main], {
    env: { PORT: '0', AWS_PORT: '0', ALLOWED_ORIGINS: origins },
  });
  const output = outputOf(child);
  return { child, output, ended: once(child, 'close') };
}

describe('npm start with ALLOWED_ORIGINS', () => {
  it('lets pages of these origins call the API, and no others', async () => {
    const { child, output, ended } = start('https://portal.example.com,http://localhost:5173');
    try {
      await expect.poll(() => output.out).toContain('Requests:');
      const [apiUrl = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.out) ?? [];
      const allowed = async (Origin: string) => {
        const preflight = { Origin, 'Access-Control-Request-Method': 'GET' };
        const { headers } = await rawFetch(apiUrl, 'OPTIONS', '/v1/me', preflight);
        return headers['access-control-allow-origin'];
      };

      expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
      expect(await allowed('https://portal.example.com')).toBe('https://portal.example.com');
      expect(await allowed('https://evil.example.com')).toBeUndefined();
    } finally {
      child.kill();
      await ended;
    }
  });

  it.each([
    ['*', 'ALLOWED_ORIGINS: must be at most 20 origins like'],
    ['https://portal.example.com/', 'ALLOWED_ORIGINS: must be at most 20 origins like'],
    ['http://portal.example.com', 'http only for localhost'],
    ['https://a.example,https://a.example', 'ALLOWED_ORIGINS: lists an origin twice'],
  ])('refuses %s', async (origins, message) => {
    const { output, ended } = start(origins);

    expect(await ended).toEqual([1, null]);
    expect(output.err).toContain(message);
    expect(output.out).toBe('');
  });
});
