import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { rawFetch, signedFetch } from '../../support/http.ts';
import { outputOf } from '../../support/output.ts';
import { startTestStack, type TestStack, userKeys } from '../../support/stack.ts';
import { consecutiveTotps, totpAt } from '../../support/totp.ts';

const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

/** Starts the program of an npm script with only the given environment. */
function start(program: string, args: readonly string[], env: Record<string, string>) {
  const path = fileURLToPath(new URL(`../../../local-aws/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { env });
  started.add(child);
  const output = outputOf(child);
  return { child, output, ended: once(child, 'close') };
}

async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { output, ended } = start(program, args, env);
  const [code] = await ended;
  return { code, ...output };
}

describe('npm start', () => {
  it('prints where everything is, logs requests and ends cleanly', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'mfa-self-service-'));
    const { child, output, ended } = start('main', [], { PORT: '0', AWS_PORT: '0', DATA_DIR });
    await expect.poll(() => output.out, { timeout: 20_000 }).toContain('Requests:');
    const [apiUrl = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.out) ?? [];
    expect(output.out).toContain(`Page    ${apiUrl}/  `);
    expect(output.out).toContain(`--user AKIALOCALALICE000001:local-alice-secret ${apiUrl}/v1/me`);
    await rawFetch(apiUrl, 'GET', '/v1/me?X-Amz-Signature=secret');
    await expect.poll(() => output.out).toMatch(/GET +\/v1\/me {2}403 {2}\d+ ms\n/);
    // The output may be a file: no colours, and no signatures.
    expect(output.out).not.toContain('\u001B');
    expect(output.out).not.toContain('X-Amz-Signature');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await readFile(join(DATA_DIR, 'account.json'), 'utf8')).toContain('alice');
    await rm(DATA_DIR, { recursive: true });
    await expect(rawFetch(apiUrl, 'GET', '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('lists each user with keys and purpose in 80 columns', async () => {
    const { output } = start('main', [], { PORT: '0', AWS_PORT: '0' });

    await expect.poll(() => output.out, { timeout: 20_000 }).toContain('Requests:');

    const rows = [...output.out.matchAll(/^ {2}(\w+) +(AKIA\w{16}) {2}(\S+) +(\S.*)$/gm)];
    expect(rows.map(([, name, , , purpose]) => [name, purpose])).toEqual([
      ['alice', 'has no device yet'],
      ['bob', 'has the device phone'],
      ['carol', 'no device; path /team/'],
      ['dora', 'has a FIDO key only'],
      ['ann', 'may assume mfa-agent'],
      ['abe', 'may assume mfa-agent'],
      ['pat', 'may assume mfa-approver'],
      ['pia', 'may assume mfa-approver'],
      ['kim', 'may assume mfa-auditor'],
      ['admin', 'may do everything'],
    ]);
    for (const [, name = '', accessKeyId, secretAccessKey] of rows) {
      expect({ accessKeyId, secretAccessKey }).toEqual(userKeys(name));
    }
    const longest = Math.max(...output.out.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(80);
  });

  it('says how to get a deviceâs codes, also on another port', async () => {
    const { output } = start('main', [], { PORT: '0', AWS_PORT: '0' });
    await expect.poll(() => output.out, { timeout: 20_000 }).toContain('Requests:');
    const [, AWS_PORT = ''] = /AWS_PORT=(\d+) npm run -s totp/.exec(output.out) ?? [];
    const [, shown = ''] = /^ {2}bob's phone +(\S+)$/m.exec(output.out) ?? [];

    const { err, code } = await run('scripts/totp', [shown], { AWS_PORT });

    expect({ shown, err, code }).toEqual({ shown: seed, err: '', code: 0 });
  });

  it('prints function errors in full', async () => {
    const { output } = start('main', [], { PORT: '0', AWS_PORT: '0' });
    await expect.poll(() => output.out, { timeout: 20_000 }).toContain('Requests:');
    const urlOf = (what: string) => new RegExp(`${what} +(http:\\S+)`).exec(output.out)?.[1] ?? '';
    const apiUrl = urlOf('API');
    const awsUrl = urlOf('AWS');
    const fault = { operation: 'ListMFADevices', error: 'ServiceFailure', times: 100 };
    await rawFetch(awsUrl, 'POST', '/_local/faults', {}, JSON.stringify(fault));
    const answer = await signedFetch(apiUrl, userKeys('alice'), 'GET', '/v1/me');
    await expect
      .poll(() => output.err)
      .toMatch(/mfa-self-service-local-get-me: ERROR failed \{.*ServiceFailure/s);
    expect(answer.status).toBe(502);
  });

  it.each(['PORT', 'AWS_PORT'])('says so when %s is taken', async (setting) => {
    const server = createServer();
    const { port } = new URL(await listen(server, 0));
    const { code, err } = await run('main', [], { PORT: '0', AWS_PORT: '0', [setting]: port });
    expect({ code, err }).toEqual({
      code: 1,
      err: `Port ${port} on 127.0.0.1 is in use; set ${setting} to another one\n`,
    });
    await close(server);
  });

  it.each([
    [{ PORT: 'http' }, 'PORT: must be a port number'],
    [{ AWS_PORT: '70000' }, 'AWS_PORT: must be a port number'],
    [{ DATA_DIR: '' }, 'DATA_DIR: must name a folder'],
  ])('refuses %j', async (env, message) => {
    const { code, err } = await run('main', [], env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  });
});

describe('the scripts', () => {
  let stack: TestStack;
  let AWS_PORT: string;
  beforeAll(async () => {
    stack = await startTestStack();
    AWS_PORT = new URL(stack.awsUrl).port;
    // Mid-period on the local clock, so that codes stay the same while a script runs.
    stack.clock.advance(86_400 + 35 - ((stack.clock.now() / 1000) % 30));
  });
  afterAll(() => stack.close());

  it("totp prints the code by the stack's clock, its remaining seconds and the next code", async () => {
    const { code1, code2 } = consecutiveTotps(seed, stack.clock.now());
    const { out, code } = await run('scripts/totp', [seed], { AWS_PORT });
    expect(out).toMatch(new RegExp(`^${code1} {2}for \\d+ s more\n${code2} {2}next\n$`));
    expect(code).toBe(0);
  });

  it('totp --two prints the codes that enable a device', async () => {
    const created = await stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    const { out } = await run('scripts/totp', [created.json().base32Seed, '--two'], { AWS_PORT });
    const [code1, code2] = out.trim().split(' ');
    const path = '/v1/me/first-mfa-device/phone/activation';
    expect((await stack.fetch('alice', 'PUT', path, { code1, code2 })).status).toBe(200);
  });

  it("totp uses this machine's clock without a stack", async () => {
    const before = Date.now();
    const { out, err } = await run('scripts/totp', [seed.toLowerCase(), '--two'], { AWS_PORT: '1' });
    expect(err).toBe("No local AWS responds at http://127.0.0.1:1: using this machine's clock.\n");
    expect([before, Date.now()].map((time) => totpAt(seed, time))).toContain(out.slice(0, 6));
  });

  it.each([
    ['scripts/totp', '--help', 'Usage: npm run -s totp -- <seed>'],
    ['scripts/totp', '-h', 'Usage: npm run -s totp -- <seed>'],
    ['scripts/presign', '--help', 'Usage: npm run -s presign -- --serial'],
  ])('%s %s prints its usage', async (script, option, words) => {
    const { code, out, err } = await run(script, [option]);

    expect({ code, out, err }).toEqual({ code: 0, out: expect.stringContaining(words), err: '' });
  });

  it.each([
    [['not base32!'], 'The seed must be base32'],
    [['ABC'], 'The seed must be base32'],
    [[], 'Give exactly one seed'],
    [[seed, seed], 'Give exactly one seed'],
    [[seed, '--three'], '--three'],
  ])('totp refuses %j', async (args, message) => {
    const { code, out, err } = await run('scripts/totp', args, { AWS_PORT });
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(message) });
  });

  it.each(['http', '70000'])('refuse the AWS_PORT %j', async (port) => {
    const { code, out, err } = await run('scripts/totp', [seed], { AWS_PORT: port });

    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(/^AWS_PORT: /) });
  });

  const keys = userKeys('bob');
  const bob = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const serial = 'arn:aws:iam::123456789012:mfa/self-service/bob/phone';

  it('presign makes a URL that the API exchanges for a session', async () => {
    const code = totpAt(seed, stack.clock.now());
    const args = ['--serial', serial, '--code', code, '--duration', '900'];
    const { out } = await run('scripts/presign', args, { ...bob, AWS_PORT });
    expect(out).toMatch(/^http\S+\n$/);
    const answer = await stack.fetch('bob', 'POST', '/v1/me/sessions', { presignedUrl: out.trim() });
    expect(answer.status).toBe(201);
    expect(Date.parse(answer.json().expiration)).toBeLessThanOrEqual(stack.clock.now() + 900_000);
    const session = answer.json();
    expect((await stack.fetch(session, 'POST', '/v1/mfa-devices', { name: 'tablet' })).status).toBe(201);
  });

  it('presign accepts any endpoint', async () => {
    const args = [
      '--serial',
      serial,
      '--code',
      '123456',
      '--endpoint',
      'https://sts.eu-west-1.amazonaws.com',
    ];

    const { code, out } = await run('scripts/presign', args, bob);

    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^https:\/\/sts\.eu-west-1\./) });
  });

  it('presign says so if no local AWS answers', async () => {
    const args = ['--serial', serial, '--code', '123456'];

    const { code, out, err } = await run('scripts/presign', args, { ...bob, AWS_PORT: '1' });

    const words = 'No local AWS responds at http://127.0.0.1:1: run npm start';
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(words) });
  });

  it.each([
    ['no serial', ['--code', '123456'], bob, 'serial: is required'],
    ['a short code', ['--serial', serial, '--code', '12345'], bob, 'code: must be the six digits'],
    ['a duration', ['--serial', serial, '--code', '123456', '--duration', '60'], bob, 'duration: Too small'],
    [
      'an endpoint',
      ['--serial', serial, '--code', '123456', '--endpoint', 'file:///x'],
      bob,
      'endpoint: Invalid URL',
    ],
    ['an unknown option', ['--serail', serial], bob, '--serail'],
    ['no keys', ['--serial', serial, '--code', '123456'], {}, 'AWS_ACCESS_KEY_ID: is not set'],
    [
      "a session's keys",
      ['--serial', serial, '--code', '123456'],
      { ...bob, AWS_SESSION_TOKEN: 'x' },
      'AWS_SESSION_TOKEN: is set, but',
    ],
  ])('presign refuses %s', async (_, args, env, message) => {
    const { code, out, err } = await run('scripts/presign', args, env);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(message) });
    expect(err).not.toContain('local-bob-secret');
  });
});
