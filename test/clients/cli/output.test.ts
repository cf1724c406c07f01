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

  it('is a table otherwise, and tells what to do first', async () => {
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
    ['plain in a terminal that has none', { TERM: 'dumb' }, false],
  ])('is %s', async (_, env, coloured) => {
    const terminal = home.open(['status'], { ...as('bob'), ...env });
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
    expect(terminal.raw.includes('\u001b[1m')).toBe(coloured);
  });

  it('is plain without a terminal', async () => {
    expect((await home.run(['status'], as('bob'))).stdout).not.toContain('\u001b');
  });
});

describe('what reads the output', () => {
  const shell = (redirection: string) =>
    home.openProcess(['status', '--quiet'], { ...as('bob'), SHELL: '/bin/bash' }, { redirection }).finished;

  it('may go before it has read all', async () => {
    expect(await shell('> >(true)')).toEqual({ exitCode: 0, screen: '' });
  });

  it('may have no room, which is a failure', async () => {
    const { exitCode, screen } = await shell('>/dev/full');
    expect(exitCode).toBe(1);
    expect(screen).toContain('The output cannot be written: ENOSPC');
  });

  it('need not be there for what is no result', async () => {
    const { exitCode, screen } = await shell('2>/dev/full');
    expect({ exitCode, screen }).toEqual({ exitCode: 0, screen: expect.stringContaining('phone') });
  });
});

it('takes away what tells of waiting before it shows anything else', async () => {
  api.stack.faults.put({ operation: 'ListMFADevices', delayMs: 2000, times: 1 });
  const terminal = home.open(['session'], as('bob'));
  await terminal.sees(/Asking for a session … 1 s/);
  await terminal.sees(/This needs MFA\.\s+Code of phone: /);
  terminal.pressCtrlC();
  await terminal.finished;
  api.stack.faults.clear();
  expect(terminal.raw).not.toMatch(/… \d+ s[^\r\d]/);
});

describe('exit codes', () => {
  it.each([
    ['a command that does not exist', ['dance'], 2],
    ['an option that does not exist', ['status', '--dance'], 2],
    ['an output that does not exist', ['status', '--output', 'xml'], 2],
    ['no command', [], 2],
    ['a missing argument', ['add'], 2],
    ...['', '.', '..', 'not a name', 'näme', 'a\u001b[2J', 'x'.repeat(65)].map(
      (name): [string, string[], number] => [`the name "${name}"`, ['add', name], 2],
    ),
    ['an id that no recovery has', ['recovery', 'show', '../me'], 2],
    ['a profile name that would break out of its heading', ['session', '--name', 'a]'], 2],
    ['a profile name of two lines', ['session', '--name', 'a\nb'], 2],
    ['a serial number that no token has', ['enable', '../..', '--hardware'], 2],
    ['a name like an option', ['add', '--name'], 2],
    ['a Region that is none', ['status', '--region', 'x y'], 2],
    ['a pass that is none', ['add', 'x', '--pass', 'abcd'], 2],
    ['two ways to show a seed', ['add', 'x', '--seed', '--png', 'y.png'], 2],
    ['a profile that does not exist', ['status', '--profile', 'none'], 2],
    ['an API in the clear', ['status', '--api', 'http://example.com'], 2],
    ['an API whose Region nobody knows', ['status', '--api', 'https://mfa.example.com'], 2],
    ['one code instead of two', ['enable', 'x', '123456'], 2],
    ['codes that are none', ['enable', 'x', '123456', 'abcdef'], 2],
    ['the same code twice', ['enable', 'x', '123456', '123456'], 2],
    ['a tag without value', ['tag', 'phone', 'a'], 2],
    ['an API that is not there', ['status', '--api', 'http://127.0.0.1:1'], 3],
    ['a device that does not exist', ['tags', 'none'], 1],
    ['help', ['--help'], 0],
    ['help of a command', ['session', '--help'], 0],
    ['the version', ['--version'], 0],
  ])('of %s', async (_, args, exitCode) => {
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
  ])('are those of the process: %j', async (args, exitCode) => {
    expect(await home.runProcess(args, as('bob'))).toMatchObject({ exitCode });
  });

  it('is 3 for what answers but is not the API', async () => {
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
    [['add', 'not a name'], 'letters, digits, dots, underscores and hyphens'],
    [['status', '--dance'], "unknown option '--dance'"],
    [[], 'There is no command.'],
  ])('of the command line is one too: %j', async (args, message) => {
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

  it('without a device to step up with names the first step', async () => {
    const { stderr, exitCode } = await home.run(['session'], as('alice'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('iam-mfa add NAME');
  });

  it('of the API shows no code that was typed', async () => {
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

  it('is asked for where nobody named it', async () => {
    const { IAM_MFA_API_URL: _, ...keys } = as('bob');
    const { exitCode, stderr } = await home.run(['status'], keys);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${home.folder}/.config/iam-mfa/config`);
  });

  it.each([
    ['nobody named', {}, /Where is the API/],
    ['is in the clear', { IAM_MFA_API_URL: 'http://example.com' }, /must begin with https/],
  ])('that %s is no reason to ask for the code of a role', async (_, env, message) => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = as('bob');
    await home.write(
      '.aws/credentials',
      `[keys]\naws_access_key_id=${id}\naws_secret_access_key=${secret}\n`,
    );
    await home.write('.aws/config', '[profile p]\nrole_arn=r\nsource_profile=keys\nmfa_serial=s\n');
    const { exitCode, screen } = await home.open(['status', '--profile', 'p'], env).finished;
    expect(exitCode).toBe(2);
    expect(screen).toMatch(message);
    expect(screen).not.toContain('Code of');
  });
});
