import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Answer, rawFetch, signedFetch, signedRequest } from '../../support/http.ts';
import { outputOf } from '../../support/output.ts';
import { userKeys } from '../../support/stack.ts';
import { consecutiveTotps } from '../../support/totp.ts';

const main = fileURLToPath(new URL('../../../local-aws/main.ts', import.meta.url));
let dataDir: string;
const started = new Set<ChildProcess>();
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'crash-'));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});
afterAll(() => rm(dataDir, { recursive: true }));

/** The product as `npm start` runs it, on a folder. */
async function start(more: Record<string, string> = {}) {
  const env = { PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir, ...more };
  const child = spawn(process.execPath, [main], { env });
  started.add(child);
  const output = outputOf(child);
  await expect.poll(() => output.out + output.err).toContain('Requests:');
  const urlOf = (what: string) => new RegExp(`${what} +(http:\\S+)`).exec(output.out)?.[1] ?? '';
  const apiUrl = urlOf('API');
  return {
    output,
    awsUrl: urlOf('AWS'),
    fetch: (method: string, target: string, body?: unknown): Promise<Answer> =>
      signedFetch(apiUrl, userKeys('carol'), method, target, body),
    async kill() {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

it('whatever was acknowledged before kill -9 is there after it, and a new start needs no pause', async () => {
  const path = '/v1/me/first-mfa-device';
  const first = await start();
  const { base32Seed } = (await first.fetch('POST', path, { name: 'phone' })).json();
  await first.kill();

  const second = await start();
  const codes = consecutiveTotps(base32Seed, Date.now());
  const activation = await second.fetch('PUT', `${path}/phone/activation`, codes);
  await second.kill();

  const third = await start();
  const { mfa } = (await third.fetch('GET', '/v1/me')).json();
  const again = await third.fetch('POST', path, { name: 'tablet' });

  expect(activation.status).toBe(200);
  expect(mfa).toEqual({ active: 1, pending: 0 });
  expect(again.json().code).toBe('first-device-only');
});

it('prints the keys of seeded users only', async () => {
  const { awsUrl, output, kill } = await start();
  const iam = (action: string) => {
    const body = `Action=${action}&UserName=erin&Version=2010-05-08`;
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const admin = userKeys('admin');
    const { headers } = signedRequest(awsUrl, admin, 'POST', '/', body, type, { service: 'iam' });
    return rawFetch(awsUrl, 'POST', '/', headers, body);
  };
  await iam('CreateUser');
  const { text } = await iam('CreateAccessKey');
  const secret = /<SecretAccessKey>([^<]+)/.exec(text)?.[1] ?? 'none';
  await kill();

  const again = await start();

  expect(output.out).toContain('local-alice-secret');
  expect(again.output.out).toContain('local-alice-secret');
  expect(again.output.out).not.toContain('erin');
  expect(again.output.out).not.toContain(secret);
});

it('appends every call and every line of a function to the journal', async () => {
  const JOURNAL = join(dataDir, 'journal.jsonl');
  for (const _ of ['before', 'after']) {
    const { fetch, kill } = await start({ JOURNAL });
    await fetch('GET', '/v1/me');
    await kill();
  }

  const lines = (await readFile(JOURNAL, 'utf8')).trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line));
  const lists = entries.filter(({ call }) => call?.operation === 'ListMFADevices');
  const functions = entries.filter(({ log }) => log?.functionName === 'mfa-self-service-local-get-me');
  expect(lists.map(({ call }) => call.parameters)).toEqual([{ UserName: 'carol' }, { UserName: 'carol' }]);
  expect(functions.length).toBeGreaterThanOrEqual(2);
  expect(lines.join()).not.toContain('local-carol-secret');
});
