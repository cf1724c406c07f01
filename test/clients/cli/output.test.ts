import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bobsSeed, codeNow, createFirst } from '../../support/e2e-flows.ts';
import { useCommand } from './command.ts';

const { api, home, as } = useCommand();

const device = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['virtual', 'hardware-totp', 'fido']),
  serialNumber: z.string(),
  status: z.enum(['pending', 'active']),
  enabledAt: z.iso.datetime().optional(),
});

const statusDocument = z.strictObject({
  userName: z.string(),
  userArn: z.string(),
  accountId: z.string(),
  mfa: z.strictObject({ active: z.number(), pending: z.number() }),
  stsEndpoint: z.url(),
  serverTime: z.iso.datetime(),
  stepUpMaxAgeSeconds: z.number(),
  devices: z.array(device),
  recoveries: z.array(z.looseObject({ id: z.string(), state: z.string() })),
});

const errorDocument = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
    retryAfter: z.number().optional(),
    requestId: z.string().optional(),
  }),
});

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('status', () => {
  it('is a document with --output json', async () => {
    await createFirst(api, 'alice');
    for (const who of ['alice', 'bob', 'dora']) {
      const { exitCode, stdout } = await home.run(['status', '--output', 'json'], as(who));
      expect(exitCode).toBe(0);
      expect(statusDocument.parse(JSON.parse(stdout)).userName).toBe(who);
    }
  });

  it('is a table otherwise, and says what to do first', async () => {
    const bob = await home.run(['status'], as('bob'));
    expect(bob.stdout).toMatch(
      /^bob in account 123456789012\n\nDEVICE +STATE +KIND .*\nphone +active +virtual /,
    );
    const alice = await home.run(['status'], as('alice'));
    expect(alice).toMatchObject({ stdout: expect.stringContaining('No devices.'), exitCode: 0 });
    expect(alice.stderr).toContain('iam-mfa add NAME');
    await createFirst(api, 'alice');
    expect((await home.run(['status'], as('alice'))).stderr).toContain('iam-mfa enable NAME');
    expect((await home.run(['status', '--quiet'], as('alice'))).stderr).toBe('');
  });

  it.each([
    ['coloured in a terminal', {}, true],
    ['plain with NO_COLOR', { NO_COLOR: '1' }, false],
    ['plain in a terminal without colours', { TERM: 'dumb' }, false],
  ])('is %s', async (_, env, coloured) => {
    const terminal = home.open(['status'], { ...as('bob'), ...env });
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
    expect(terminal.raw.includes('\u001b[1m')).toBe(coloured);
  });

  it('is plain without a terminal', async () => {
    expect((await home.run(['status'], as('bob'))).stdout).not.toContain('\u001b');
  });
});

describe('output', () => {
  const shell = (redirection: string) =>
    home.openProcess(['status', '--quiet'], { ...as('bob'), SHELL: '/bin/bash' }, { redirection }).finished;

  it('may be closed early by its reader', async () => {
    expect(await shell('> >(true)')).toEqual({ exitCode: 0, screen: '' });
  });

  it('that cannot be written is a failure', async () => {
    const { exitCode, screen } = await shell('>/dev/full');
    expect(exitCode).toBe(1);
    expect(screen).toContain('Could not write the output: ENOSPC');
  });

  it('that is no result may be lost', async () => {
    const { exitCode, screen } = await shell('2>/dev/full');
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: expect.stringContaining('phone') });
  });
});

it('erases progress before it shows anything else', async () => {
  api.stack.faults.put({ operation: 'ListMFADevices', delayMs: 2000, times: 1 });
  const terminal = home.open(['session'], as('bob'));
  await terminal.sees(/Getting a session … 1 s/);
  await terminal.sees(/This needs MFA\.\s+Code from phone: /);
  terminal.pressCtrlC();
  await terminal.finished;
  api.stack.faults.clear();
  expect(terminal.raw).not.toMatch(/… \d+ s[^\r\d]/);
});

describe('exit codes', () => {
  it.each([
    ['an unknown command', ['dance'], 2],
    ['an unknown option', ['status', '--dance'], 2],
    ['an unknown output format', ['status', '--output', 'xml'], 2],
    ['no command', [], 2],
    ['a missing argument', ['add'], 2],
    ...['', '.', '..', 'not a name', 'näme', 'a\u001b[2J', 'x'.repeat(65)].map(
      (name): [string, string[], number] => [`the name "${name}"`, ['add', name], 2],
    ),
    ['a malformed recovery id', ['recovery', 'show', '../me'], 2],
    ['a profile name that would break out of its heading', ['session', '--name', 'a]'], 2],
    ['a profile name with a line break', ['session', '--name', 'a\nb'], 2],
    ['a malformed serial number', ['enable', '../..', '--hardware'], 2],
    ['a name like an option', ['add', '--name'], 2],
    ['a malformed Region', ['status', '--region', 'x y'], 2],
    ['a malformed pass', ['add', 'x', '--pass', 'abcd'], 2],
    ['two ways to show a seed', ['add', 'x', '--seed', '--png', 'y.png'], 2],
    ['an unknown profile', ['status', '--profile', 'none'], 2],
    ['an API over cleartext', ['status', '--api', 'http://example.com'], 2],
    ['an API without a known Region', ['status', '--api', 'https://mfa.example.com'], 2],
    ['one code instead of two', ['enable', 'x', '123456'], 2],
    ['malformed codes', ['enable', 'x', '123456', 'abcdef'], 2],
    ['the same code twice', ['enable', 'x', '123456', '123456'], 2],
    ['a tag without a value', ['tag', 'phone', 'a'], 2],
    ['an unreachable API', ['status', '--api', 'http://127.0.0.1:1'], 3],
    ['an unknown device', ['tags', 'none'], 1],
    ['help', ['--help'], 0],
    ['help of a command', ['session', '--help'], 0],
    ['the version', ['--version'], 0],
  ])('for %s', async (_, args, exitCode) => {
    const finished = await home.run(args, as('bob'));
    expect(finished).toMatchObject({ exitCode });
    if (exitCode !== 0) expect(finished.stdout).toBe('');
    expect(exitCode === 0 ? finished.stdout : finished.stderr).not.toBe('');
  });

  it.each<readonly [string[], number]>([
    [['--version'], 0],
    [['tags', 'none'], 1],
    [['dance'], 2],
    [['status', '--api', 'http://127.0.0.1:1'], 3],
  ])('end the process: %j', async (args, exitCode) => {
    expect(await home.runProcess(args, as('bob'))).toMatchObject({ exitCode });
  });

  it('for something other than the API is 3', async () => {
    expect(await home.run(['status', '--api', api.stack.awsUrl], as('bob'))).toMatchObject({ exitCode: 3 });
  });
});

describe('a failure', () => {
  it('is a document with --output json', async () => {
    const args = ['add', 'phone', '--label', '!', '--output', 'json'];
    const { stdout, stderr, exitCode } = await home.run(args, as('alice'));
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    const { error } = errorDocument.parse(JSON.parse(lastLine(stderr)));
    expect(error).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/body/label' }] });
  });

  it.each([
    [['add'], "missing required argument 'name'"],
    [['add', 'not a name'], 'letters, digits, dots, underscores or hyphens'],
    [['status', '--dance'], "unknown option '--dance'"],
    [[], 'No command given.'],
  ])('on the command line is one too: %j', async (args, message) => {
    const { stdout, stderr, exitCode } = await home.run([...args, '--output', 'json']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    const { error } = errorDocument.parse(JSON.parse(lastLine(stderr)));
    expect(error).toEqual({ code: 'usage', message: expect.stringContaining(message) });
  });

  it('says what to do', async () => {
    const wrongKey = { ...as('bob'), AWS_SECRET_ACCESS_KEY: 'not-the-secret-of-bob' };
    const { stderr, exitCode } = await home.run(['status'], wrongKey);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('aws sts get-caller-identity');
    expect(stderr).toMatch(/Request id: [\w-]+/);
    expect(stderr).not.toContain('not-the-secret-of-bob');
  });

  it('for want of a device suggests adding one', async () => {
    const { stderr, exitCode } = await home.run(['session'], as('alice'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('iam-mfa add NAME');
  });

  it('never shows a typed code', async () => {
    const code = codeNow(api, bobsSeed);
    const { stderr } = await home.run(['remove', 'phone', '--yes'], as('bob'), `${code}\n`);
    expect(stderr).toContain('This is your last active device.');
    expect(stderr).not.toContain('/v1/');
    expect(stderr).not.toContain(code);
  });
});

describe('the API', () => {
  it('is found in the configuration file, by profile', async () => {
    const { IAM_MFA_API_URL: url, ...keys } = as('bob');
    await home.write(
      '.config/iam-mfa/config',
      `[default]\napi = http://127.0.0.1:1\n[profile work]\napi = ${url}\n`,
    );
    expect(await home.run(['status'], keys)).toMatchObject({ exitCode: 3 });
    expect(await home.run(['status'], { ...keys, AWS_PROFILE: 'work' })).toMatchObject({ exitCode: 0 });
    expect(await home.run(['status', '--api', String(url)], keys)).toMatchObject({ exitCode: 0 });
  });

  it('must be given', async () => {
    const { IAM_MFA_API_URL: _, ...keys } = as('bob');
    const { exitCode, stderr } = await home.run(['status'], keys);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${home.folder}/.config/iam-mfa/config`);
  });

  it.each([
    ['is not given', {}, /No API given/],
    ['uses cleartext', { IAM_MFA_API_URL: 'http://example.com' }, /must begin with https/],
  ])('that %s fails before a role asks for a code', async (_, env, message) => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = as('bob');
    await home.write(
      '.aws/credentials',
      `[keys]\naws_access_key_id=${id}\naws_secret_access_key=${secret}\n`,
    );
    await home.write('.aws/config', '[profile p]\nrole_arn=r\nsource_profile=keys\nmfa_serial=s\n');
    const { exitCode, screen } = await home.open(['status', '--profile', 'p'], env).finished;
    expect(exitCode).toBe(2);
    expect(screen).toMatch(message);
    expect(screen).not.toContain('Code from');
  });
});
