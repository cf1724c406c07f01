import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAccounts } from '../../../clients/cli/src/organisation/accounts-file.ts';
import { useFakeApi } from '../typescript/fake-api.ts';
import { useHome } from './command.ts';

const home = useHome();
const api = useFakeApi();

const account = '111122223333';
const role = `arn:aws:iam::${account}:role/auditor`;
const url = 'https://abc.execute-api.eu-west-1.amazonaws.com/prod';

describe('a list of accounts', () => {
  it('gives each a name and a way in', async () => {
    const path = await home.write(
      'a.json',
      JSON.stringify([
        { account, url, roleArn: role, externalId: 'x-1' },
        { account: '444455556666', name: 'Büro', url: 'https://b.org', region: 'eu-west-1', profile: 'b' },
      ]),
    );

    expect(await loadAccounts(path)).toEqual([
      { account, name: account, url, roleArn: role, externalId: 'x-1' },
      { account: '444455556666', name: 'Büro', url: 'https://b.org', region: 'eu-west-1', profile: 'b' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'must be a list, in brackets'],
    ['an empty list', [], 'must have at least one account'],
    ['an entry that is no object', ['x'], 'entry 1: must be an object, in braces'],
    [
      'a number for an account',
      [{ account: 1, url, profile: 'p' }],
      'entry 1: account must be text, in quotes',
    ],
    ['a short account', [{ account: '1', url, profile: 'p' }], 'entry 1: account must be twelve digits'],
    ['no URL', [{ account, profile: 'p' }], 'entry 1: url is missing'],
    [
      'a URL in cleartext',
      [{ account, url: 'http://example.com', profile: 'p' }],
      'entry 1: url must begin with https://',
    ],
    [
      'a URL without a Region',
      [{ account, url: 'https://example.com', profile: 'p' }],
      'entry 1: url does not contain the Region',
    ],
    ['no way in', [{ account, url }], 'entry 1: must have either roleArn or profile'],
    ['two ways in', [{ account, url, roleArn: role, profile: 'p' }], 'entry 1: must have either'],
    [
      'a user for a role',
      [{ account, url, roleArn: role.replace('role', 'user') }],
      'entry 1: roleArn must be the ARN',
    ],
    [
      'a role of another account',
      [{ account, url, roleArn: role.replace(account, '444455556666') }],
      `entry 1: roleArn is in another account than ${account}`,
    ],
    [
      'an external id for a profile',
      [{ account, url, profile: 'p', externalId: 'xx' }],
      'externalId is only for',
    ],
    [
      'a member that nobody reads',
      [{ account, url, profile: 'p', rolearn: role }],
      'unknown members: rolearn',
    ],
    ['a name with a line break', [{ account, url, profile: 'p', name: 'a\nb' }], 'entry 1: name must be'],
    [
      'an account twice',
      [
        { account, url, profile: 'p' },
        { account, url: `${url}2`, profile: 'p' },
      ],
      'entry 2: name is the same as in an entry before it',
    ],
    [
      'a URL twice',
      [
        { account, url, profile: 'p' },
        { account, name: 'b', url, profile: 'p' },
      ],
      'entry 2: url is the same as in an entry before it',
    ],
  ])('with %s is refused', async (_, content, fault) => {
    const path = await home.write('a.json', JSON.stringify(content));

    await expect(loadAccounts(path)).rejects.toThrow(fault);
  });

  it('names all its faults at once', async () => {
    const path = await home.write('a.json', JSON.stringify([{ account: '1' }, { account }]));

    const { exitCode, stderr } = await home.run(['coverage', '--accounts', path]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('entry 1: account must be');
    expect(stderr).toContain('entry 1: url is missing');
    expect(stderr).toContain('entry 2: url is missing');
  });

  it.each([
    ['is not JSON', '[{]', /a\.json is not JSON: /],
    ['is not there', undefined, /Could not read .*a\.json: ENOENT/],
  ])('that %s is wrong usage', async (_, content, message) => {
    if (content !== undefined) await home.write('a.json', content);

    const result = await home.run(['coverage', '--accounts', join(home.folder, 'a.json')]);

    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  });

  it.each([
    [['--accounts', 'a.json', '--api', url], 'URLs and Regions come from that file'],
    [['--accounts', 'a.json', '--region', 'eu-west-1'], 'URLs and Regions come from that file'],
    [['--state', 'state'], '--state is only for --accounts'],
  ])('does not go with %j', async (args, message) => {
    const result = await home.run(['coverage', ...args]);

    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

const numberOf = (index: number) => String(100_000_000_000 + index);
const usersOf = (number: string) => ({
  reportGeneratedAt: '2026-11-24T12:00:00Z',
  reportAgeSeconds: 0,
  items: [
    {
      userName: 'u',
      userArn: `arn:aws:iam::${number}:user/u`,
      mfaActive: true,
      virtualDevices: 0,
      passwordEnabled: false,
      activeAccessKeys: 0,
    },
  ],
});
const routeOf = (index: number) => `GET /${index}/v1/users?mfa=any`;

/** Accounts whose APIs are all the same fake one. */
async function useAccounts(count: number): Promise<string> {
  await home.write(
    '.aws/credentials',
    '[p]\naws_access_key_id = AKIA\naws_secret_access_key = hidden-secret\n',
  );
  const entries = Array.from({ length: count }, (_, index) => {
    api.on(routeOf(index), { body: usersOf(numberOf(index)) });
    return { account: numberOf(index), url: `${api.url}/${index}`, profile: 'p' };
  });
  return home.write('accounts.json', JSON.stringify(entries));
}

it('at most four accounts are asked at a time', async () => {
  const file = await useAccounts(12);
  let underWay = 0;
  let most = 0;
  for (let index = 0; index < 12; index += 1) {
    api.on(routeOf(index), async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay -= 1;
      return { body: usersOf(numberOf(index)) };
    });
  }

  const { stdout } = await home.run(['coverage', '--accounts', file]);

  expect(stdout).toMatch(/\nTOTAL +12 of 12 +12 +12 +0\n$/);
  expect(most).toBe(4);
});

it('an answer that is not the API’s fails', async () => {
  const file = await useAccounts(2);
  api.on(routeOf(0), { body: { items: [{ userName: 'u' }] } });

  const { stdout, stderr } = await home.run(['coverage', '--accounts', file]);

  expect(stderr).toContain('did not answer as the API does');
  expect(stdout).toMatch(/\nTOTAL +1 of 2 +1 /);
});

describe('the state of an interrupted run', () => {
  const state = () => join(home.folder, 'state');

  /** Leaves the second of two accounts unasked. */
  async function interrupt(): Promise<string> {
    const file = await useAccounts(2);
    api.on(routeOf(1), { status: 400, body: {} });
    await home.run(['coverage', '--accounts', file, '--state', state()]);
    await useAccounts(2);
    api.requests.length = 0;
    return file;
  }

  const run = (file: string) => home.run(['coverage', '--accounts', file, '--state', state()]);
  const askedAgain = () => api.to(routeOf(0)).length;

  it('has no secret, and is its owner’s alone', async () => {
    await interrupt();

    expect(await readFile(state(), 'utf8')).not.toMatch(/hidden-secret|AKIA/);
    expect((await stat(state())).mode & 0o777).toBe(0o600);
  });

  it('survives Ctrl-C', async () => {
    const file = await useAccounts(2);
    api.on(routeOf(1), 'hang');
    const terminal = home.openProcess(['coverage', '--accounts', file, '--state', state()]);
    await terminal.sees(/Asking 2 accounts/);
    terminal.pressCtrlC();

    const { exitCode, screen } = await terminal.finished;

    expect(exitCode).toBe(130);
    expect(screen).toContain('Run the command again to continue.');
    await useAccounts(2);
    api.requests.length = 0;
    expect(await run(file)).toMatchObject({ exitCode: 0 });
    expect(askedAgain()).toBe(0);
  });

  it('survives a process that was killed while it wrote', async () => {
    const file = await useAccounts(3);
    const fail = (...indices: readonly number[]) => {
      for (const index of indices) api.on(routeOf(index), { status: 400, body: {} });
    };
    fail(1, 2);
    await run(file);
    await writeFile(state(), '{"account":"1', { flag: 'a' });
    await useAccounts(3);
    fail(2);
    await run(file);
    await useAccounts(3);
    api.requests.length = 0;

    expect(await run(file)).toMatchObject({ exitCode: 0 });
    expect(api.requests).toHaveLength(1);
  });

  it.each([
    ['a day old', new Date(Date.now() - 24 * 3_600_000).toISOString()],
    ['from the future', new Date(Date.now() + 3_600_000).toISOString()],
  ])('is not taken if it is %s', async (_, takenAt) => {
    const file = await interrupt();
    const text = await readFile(state(), 'utf8');
    await writeFile(state(), text.replace(/"takenAt":"[^"]+"/, `"takenAt":"${takenAt}"`));

    expect(await run(file)).toMatchObject({ exitCode: 0 });
    expect(askedAgain()).toBe(1);
  });

  it('is not taken for an account whose URL has changed', async () => {
    const file = await interrupt();
    await writeFile(file, (await readFile(file, 'utf8')).replace('/0"', '/2"'));
    api.on(routeOf(2), { body: usersOf(numberOf(0)) });

    expect(await run(file)).toMatchObject({ exitCode: 0 });
    expect(api.to(routeOf(2))).toHaveLength(1);
  });

  it.each([
    ['something else', 'precious\n'],
    ['lines that nobody wrote', '{"format":"iam-mfa coverage 1"}\n{"account":"1"}\n'],
  ])('is not written to a file that has %s', async (_, content) => {
    const file = await useAccounts(1);
    await writeFile(state(), content, { mode: 0o600 });

    expect(await run(file)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--state another file'),
    });
    expect(await readFile(state(), 'utf8')).toBe(content);
    expect(api.requests).toEqual([]);
  });

  it('is not taken from a file that others can write to or from a link', async () => {
    const file = await interrupt();
    await chmod(state(), 0o666);
    expect(await run(file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('accessible to others'),
    });
    await chmod(state(), 0o600);
    const link = join(home.folder, 'link');
    await symlink(state(), link);

    const linked = await home.run(['coverage', '--accounts', file, '--state', link]);

    expect(linked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is a link') });
    expect(api.requests).toEqual([]);
  });
});
