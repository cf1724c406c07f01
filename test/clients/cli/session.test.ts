import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bobsSeed, codeNow } from '../../support/e2e-flows.ts';
import { userSession } from '../../support/stack.ts';
import { useCommand } from './command.ts';
import type { Finished } from './in-process.ts';

const { api, home, as } = useCommand();

const cache = () => join(home.folder, '.cache', 'iam-mfa');
const answers = () => `${codeNow(api, bobsSeed)}\n`;
const asked = () => api.called().filter((operation) => operation === 'GetSessionToken').length;

const session = async (args: readonly string[] = [], input = answers()): Promise<Finished> => {
  const finished = await home.run(['session', ...args], as('bob'), input);
  api.secrets.noteAnswer(finished.stdout);
  return finished;
};

describe('a session', () => {
  it('is printed as shell exports', async () => {
    const { exitCode, stdout } = await session();
    expect(exitCode).toBe(0);
    const [id, secret, token] = stdout.trimEnd().split('\n');
    expect(id).toMatch(/^export AWS_ACCESS_KEY_ID='ASIA[A-Z0-9]+'$/);
    expect(secret).toMatch(/^export AWS_SECRET_ACCESS_KEY='[\w+/=]+'$/);
    expect(token).toMatch(/^export AWS_SESSION_TOKEN='[\w+/=]+'$/);
  });

  it('is printed as a profile', async () => {
    const { stdout } = await session(['--format', 'profile', '--name', 'work']);
    expect(stdout).toMatch(
      /^\[work\]\naws_access_key_id = ASIA\w+\naws_secret_access_key = \S+\naws_session_token = \S+\n$/,
    );
  });

  it('is printed as credential_process output, and lasts as long as requested', async () => {
    const { stdout, stderr } = await session(['--format', 'credential-process', '--duration', '1h']);
    const document = JSON.parse(stdout);
    expect(document).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(Date.parse(document.Expiration) - api.stack.clock.now()).toBeGreaterThan(3_500_000);
    expect(Date.parse(document.Expiration) - api.stack.clock.now()).toBeLessThanOrEqual(3_600_000);
    expect(stderr).not.toContain(document.SecretAccessKey);
  });

  it.each(['14m', '37h', '0', 'long', '-1', '900x'])('cannot last %s', async (duration) => {
    expect(await session([`--duration=${duration}`], '')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('is recommended as a credential_process, not as a repeated section', async () => {
    const { stdout } = await home.run(['session', '--help']);
    expect(stdout).toContain('credential_process = iam-mfa session');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('"profile" is a new section for ~/.aws/credentials');
    expect(stdout).not.toContain('>>');
  });

  it('cannot be obtained with another session', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = userSession(api.stack, 'bob');
    const env = {
      ...as('bob'),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    const { exitCode, stderr } = await home.run(['session'], env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('temporary credentials');
  });

  it('asks at the terminal even if another program captures standard error', async () => {
    const kept = join(home.folder, 'stderr');
    const args = ['session', '--format', 'credential-process'];
    const terminal = home.openProcess(args, as('bob'), { redirection: `2>'${kept}'` });
    await terminal.sees(/Code from phone: /);
    terminal.type(codeNow(api, bobsSeed));
    const { exitCode, screen } = await terminal.finished;
    expect(exitCode).toBe(0);
    expect(screen).toContain('"Version":1');
    expect(await readFile(kept, 'utf8')).not.toContain('Code from');
  });
});

describe('the cache', () => {
  it('is only for its owner, and spares them the next code', async () => {
    const first = await home.runProcess(['session'], as('bob'), answers());
    api.secrets.noteAnswer(first.stdout);
    expect((await stat(cache())).mode & 0o777).toBe(0o700);
    const [file = '', ...others] = await readdir(cache());
    expect(others).toEqual([]);
    expect((await stat(join(cache(), file))).mode & 0o777).toBe(0o600);
    const second = await home.runProcess(['session'], as('bob'));
    expect(second).toMatchObject({ exitCode: 0, stdout: first.stdout });
    expect(await home.runProcess(['tag', 'phone', 'a=1'], as('bob'))).toMatchObject({ exitCode: 0 });
    expect(asked()).toBe(1);
  });

  it('is neither used nor written with --no-cache', async () => {
    await session(['--no-cache']);
    await expect(readdir(cache())).rejects.toThrow('ENOENT');
    await home.run(['tag', 'phone', 'a=1', '--no-cache'], as('bob'), answers());
    await expect(readdir(cache())).rejects.toThrow('ENOENT');
  });

  it('does not serve another key or another API', async () => {
    await session();
    const elsewhere = api.stack.apiUrl.replace('127.0.0.1', 'localhost');
    expect(elsewhere).not.toBe(api.stack.apiUrl);
    for (const [other, message] of [
      [as('dora'), 'You have no active MFA device that shows codes'],
      [{ ...as('bob'), IAM_MFA_API_URL: elsewhere }, 'No answer to "Code from phone"'],
    ] as const) {
      const { exitCode, stdout, stderr } = await home.run(['session'], other);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(message);
    }
    expect(asked()).toBe(1);
  });

  it('serves the same API for any spelling of its URL', async () => {
    await session();
    const same = { ...as('bob'), IAM_MFA_API_URL: `${api.stack.apiUrl}/` };
    expect(await home.run(['session'], same)).toMatchObject({ exitCode: 0 });
    expect(asked()).toBe(1);
  });

  it('with a duration, serves no session that lasts longer or is more than half over', async () => {
    await session(['--duration', '1h']);
    for (const args of [[], ['--duration', '1h'], ['--duration', '90m']]) {
      expect(await session(args, '')).toMatchObject({ exitCode: 0 });
    }
    for (const args of [
      ['--duration', '15m'],
      ['--duration', '36h'],
    ]) {
      expect(await session(args, '')).toMatchObject({ exitCode: 1, stdout: '' });
    }
    expect(asked()).toBe(1);
  });

  it('is renewed and forgotten on request', async () => {
    const first = await session();
    api.stack.clock.advance(60);
    const second = await session(['--renew']);
    expect(second.stdout).toContain('ASIA');
    expect(second.stdout).not.toBe(first.stdout);
    expect(await session(['--forget'], '')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await readdir(cache())).toEqual([]);
  });

  it('is refused if others can read it, and its content is not shown', async () => {
    const { stdout } = await session();
    const [file = ''] = await readdir(cache());
    await chmod(join(cache(), file), 0o644);
    const refused = await session([], '');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('is accessible to others');
    expect(refused.stderr).not.toContain(stdout.split("'")[3]);
  });

  it('saves codes only until the session expires', async () => {
    await session();
    const [file = ''] = await readdir(cache());
    const text = await readFile(join(cache(), file), 'utf8');
    const expired = { ...JSON.parse(text), expiration: new Date(Date.now() + 60_000).toISOString() };
    await writeFile(join(cache(), file), JSON.stringify(expired));
    expect(await session([], '')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('asks for a code again when the session is too old to step up', async () => {
    await session();
    api.stack.clock.advance(1000);
    expect(await home.run(['tag', 'phone', 'a=1'], as('bob'), answers())).toMatchObject({ exitCode: 0 });
    expect(asked()).toBe(2);
    expect((await readdir(cache())).sort()).toEqual([
      expect.stringMatching(/^session-/),
      expect.stringMatching(/^step-up-/),
    ]);
  });
});
