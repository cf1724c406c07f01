import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { staffSession } from '../../support/staff.ts';
import { useCommand } from './command.ts';

/** Two deployments of the product. Their accounts have the same number, but not the same users. */
const { api, home, as } = useCommand();
let prod: TestStack;

beforeAll(async () => {
  prod = await startTestStack();
});
beforeEach(async () => {
  await prod.reset();
  const { account } = prod;
  account.users.create({ userName: '=1+1', path: '/', tags: [], now: account.now() });
});
afterAll(() => prod.close());

const account = '123456789012';
const role = `arn:aws:iam::${account}:role/mfa-auditor`;

/** Kim gets into dev by assuming a role, and into prod by a profile. */
async function useAccounts(...changes: readonly object[]): Promise<string> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = as('kim');
  await home.write(
    '.aws/config',
    `[profile kim]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n` +
      `endpoint_url = ${api.stack.awsUrl}\nrole_session_name = not-kim\nduration_seconds = 900\n` +
      `[profile prod]\nrole_arn = ${role}\nsource_profile = kim\nrole_session_name = kim\n` +
      `endpoint_url = ${prod.awsUrl}\n`,
  );
  const listed = [
    { account, name: 'dev', url: api.stack.apiUrl, roleArn: role },
    { account, name: 'prod', url: prod.apiUrl, profile: 'prod' },
  ];
  const text = JSON.stringify(listed.map((entry, index) => ({ ...entry, ...changes[index] })));
  return home.write('accounts.json', text);
}

const coverage = (file: string, ...more: readonly string[]) =>
  home.run(['coverage', '--accounts', file, '--profile', 'kim', ...more]);

describe('coverage of several accounts', () => {
  it('lists the users of each, and counts them', async () => {
    const { stdout, stderr, exitCode } = await coverage(await useAccounts());

    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^ACCOUNT +USER +MFA .*\ndev +abe +no /);
    expect(stdout).toMatch(/\ndev +bob +yes +1 /);
    expect(stdout).toMatch(/\nprod +=1\+1 +no /);
    expect(stdout).toMatch(/\n\nACCOUNT +NAME +USERS +WITH MFA +WITHOUT MFA +REPORT OF\n/);
    expect(stdout).toMatch(/\n123456789012 +dev +10 +2 +8 +\d{4}-\d\d-\d\d \d\d:\d\d\n/);
    expect(stdout).toMatch(/\n123456789012 +prod +11 +2 +9 +\d{4}/);
    // The accounts have the same number here, so most users are the same.
    expect(stdout).toMatch(/\nTOTAL +2 of 2 +11 +2 +9\n$/);
  });

  it('is a document with --output json', async () => {
    const { stdout } = await coverage(await useAccounts(), '--mfa', 'some', '--output', 'json');

    const { totals, accounts } = JSON.parse(stdout);
    expect(totals).toEqual({ accounts: 2, failed: 0, users: 11, withMfa: 2, withoutMfa: 9 });
    expect(accounts).toMatchObject([
      { account, name: 'dev', url: api.stack.apiUrl, users: 10, withMfa: 2, withoutMfa: 8 },
      { account, name: 'prod', url: prod.apiUrl, users: 11, withMfa: 2, withoutMfa: 9 },
    ]);
    for (const { items } of accounts)
      expect(items).toMatchObject([{ userName: 'bob' }, { userName: 'dora' }]);
  });

  it('is a file that no spreadsheet runs with --csv', async () => {
    const { stdout } = await coverage(await useAccounts({ name: '@dev' }), '--csv', '--mfa', 'none');

    const lines = stdout.split('\r\n');
    expect(lines[0]).toBe(
      'account,name,userName,userArn,mfaActive,virtualDevices,passwordEnabled,activeAccessKeys',
    );
    expect(lines[1]).toMatch(/^123456789012,"'@dev",abe,arn:aws:iam::123456789012:user\/abe,false,0,/);
    expect(stdout).toContain(`\r\n123456789012,prod,"'=1+1",arn:aws`);
    expect(lines).toHaveLength(8 + 9 + 2);
  });

  it('is asked for under the name of the caller, which alone the role lets in', async () => {
    await coverage(await useAccounts());

    const callers = api.stack.account.trail.events().filter(({ operation }) => operation === 'AssumeRole');
    expect(callers[0]).toMatchObject({ principalArn: `arn:aws:iam::${account}:user/kim` });
    const audited = api.stack.account.trail.events().filter(({ sourceIdentity }) => sourceIdentity === 'kim');
    expect(audited.length).toBeGreaterThan(0);
  });

  it.each<[string, object, RegExp]>([
    [
      'does not answer',
      { url: 'http://127.0.0.1:1' },
      /dev \(http:\/\/127\.0\.0\.1:1\): .*could not be reached/,
    ],
    [
      'has no such role',
      { roleArn: `arn:aws:iam::${account}:role/none` },
      /dev \(.*\): You cannot assume arn:aws:iam::123456789012:role\/none: .*\nIf the role demands MFA/,
    ],
    [
      'refuses the role',
      { roleArn: undefined, profile: 'kim' },
      /dev \(.*\): The API refused this\.\nYour policies/,
    ],
  ])('shows the others if one %s', async (_, change, message) => {
    const file = await useAccounts(change);

    const { stdout, stderr, exitCode } = await coverage(file);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\n123456789012 +dev +- +- +- +failed: /);
    expect(stdout).toMatch(/\n123456789012 +prod +11 +2 +9 /);
    expect(stdout).toMatch(/\nTOTAL +1 of 2 +11 +2 +9\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('1 of 2 accounts did not answer, and are not in the totals.');
  });

  it('names what failed in the document too, and ends with the failure as JSON', async () => {
    const file = await useAccounts({ url: 'http://127.0.0.1:1' });

    const { stdout, stderr } = await coverage(file, '--output', 'json');

    expect(JSON.parse(stdout)).toMatchObject({
      totals: { accounts: 2, failed: 1, users: 11 },
      accounts: [
        { name: 'dev', error: { code: 'network' } },
        { name: 'prod', users: 11 },
      ],
    });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'incomplete' } });
  });
});

describe('an account of another number than the list says', () => {
  const other = '111122223333';

  it('is sent nothing if the credentials are known to be of another', async () => {
    const file = await useAccounts({}, { account: other });
    const before = prod.account.trail.events().length;

    const { stderr, exitCode } = await coverage(file);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`The credentials belong to account ${account}, not ${other}. Nothing was sent.`);
    const sent = prod.account.trail.events().slice(before);
    expect(sent.filter(({ service }) => service === 'iam')).toEqual([]);
  });

  it('does not get into the totals if its answer names users of another', async () => {
    const file = await useAccounts({}, { account: other, profile: 'unknown' });
    const { accessKeyId, secretAccessKey, sessionToken } = await staffSession(prod, 'kim');
    const document = JSON.stringify({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    });
    await home.write('.aws/credentials', `[unknown]\ncredential_process = echo '${document}'\n`);

    const { stdout, stderr, exitCode } = await coverage(file);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /answered with users of another account than 111122223333: arn:aws:iam::123456789012/,
    );
    expect(stdout).toMatch(/\nTOTAL +1 of 2 +10 +2 +8\n$/);
  });
});

describe('an interrupted run', () => {
  const asked = ({ account: { trail } }: Pick<TestStack, 'account'>) =>
    trail.events().filter(({ operation }) => operation === 'GetCredentialReport').length;

  it('continues where it stopped, and leaves nothing once all is done', async () => {
    const state = join(home.folder, 'state');
    const first = await coverage(await useAccounts({}, { url: 'http://127.0.0.1:1' }), '--state', state);
    expect(first).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Run the command again') });
    expect((await stat(state)).mode & 0o777).toBe(0o600);
    const before = asked(api.stack);

    const second = await coverage(await useAccounts(), '--state', state);

    expect(second).toMatchObject({ exitCode: 0, stderr: '1 of 2 accounts were asked before.\n' });
    expect(second.stdout).toMatch(/\nTOTAL +2 of 2 +11 +2 +9\n$/);
    expect(asked(api.stack)).toBe(before);
    expect(asked(prod)).toBeGreaterThan(0);
    await expect(stat(state)).rejects.toThrow(/ENOENT/);
  });
});
