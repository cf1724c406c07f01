import { describe, expect, it } from 'vitest';
import { coverageOf, toCsv } from '../../../shared/coverage/coverage.ts';
import { usersOf } from '../../../shared/coverage/credential-report.ts';
import type { AccountDirectory } from '../../../shared/coverage/ports.ts';

const header =
  'user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active,cert_2_last_rotated';
const arnOf = (name: string) => `arn:aws:iam::123456789012:user/${name}`;
const row = (name: string, mfa: boolean, more = 'true,false') =>
  `${name},${arnOf(name)},2026-01-01T00:00:00+00:00,true,${mfa},${more},N/A`;
const root =
  '<root_account>,arn:aws:iam::123456789012:root,2026-01-01T00:00:00+00:00,not_supported,true,false,false,N/A';

/** An account whose calls are counted. */
function account(rows: readonly string[], pages: readonly (readonly string[])[] = []) {
  const calls = { reports: 0, lists: 0 };
  const directory: AccountDirectory = {
    credentialReport: async () => {
      calls.reports += 1;
      return { generatedAt: new Date(Date.now() - 60_000), csv: [header, root, ...rows].join('\n') };
    },
    async *holdersOfVirtualDevices() {
      for (const page of pages) {
        calls.lists += 1;
        yield page;
      }
    },
  };
  return { calls, directory };
}

const namesOf = async (filter: 'none' | 'some' | 'any', { directory }: ReturnType<typeof account>) =>
  (await coverageOf(filter, directory)).items.map(({ userName }) => userName);

describe('coverage', () => {
  const rows = [row('dan', false), row('ada', true), row('bea', false), row('cid', true)];

  it.each([
    ['any', ['bea', 'dan', 'ada', 'cid']],
    ['none', ['bea', 'dan']],
    ['some', ['ada', 'cid']],
  ] as const)(
    'of "%s" has users without MFA first, in order of names, and not root',
    async (filter, names) => {
      expect(await namesOf(filter, account(rows))).toEqual(names);
    },
  );

  it('counts a virtual device that is newer than the report', async () => {
    const { directory } = account(rows, [[arnOf('dan'), arnOf('ada')], [arnOf('ada')]]);

    const { items } = await coverageOf('some', directory);

    const counts = items.map(({ userName, mfaActive, virtualDevices }) => [
      userName,
      mfaActive,
      virtualDevices,
    ]);
    expect(counts).toEqual([
      ['ada', true, 2],
      ['cid', true, 0],
      ['dan', true, 1],
    ]);
  });

  it('of 5,000 users takes one report and five pages', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `user-${index}`);
    const pages = Array.from({ length: 5 }, (_, page) =>
      names.slice(page * 1000, page * 1000 + 1000).map(arnOf),
    );
    const some = account(
      names.map((name) => row(name, false)),
      pages,
    );

    const { items } = await coverageOf('any', some.directory);

    expect(items).toHaveLength(5000);
    expect(items.every(({ mfaActive }) => mfaActive)).toBe(true);
    expect(some.calls).toEqual({ reports: 1, lists: 5 });
  });

  it('tells how old the report is', async () => {
    const { reportAgeSeconds } = await coverageOf('any', account(rows).directory);
    expect(reportAgeSeconds).toBeGreaterThanOrEqual(60);
    expect(reportAgeSeconds).toBeLessThan(90);
  });

  it('counts active access keys', async () => {
    const { directory } = account([row('two', false, 'true,true'), row('nil', false, 'false,false')]);
    const { items } = await coverageOf('any', directory);
    expect(items.map(({ activeAccessKeys }) => activeAccessKeys)).toEqual([0, 2]);
  });

  it('as CSV quotes names with commas', async () => {
    const csv = toCsv(await coverageOf('any', account([row('a,b', false)]).directory));
    expect(csv.split('\r\n')).toEqual([
      'userName,userArn,mfaActive,virtualDevices,passwordEnabled,activeAccessKeys',
      `"a,b","${arnOf('a,b')}",false,0,true,1`,
      '',
    ]);
  });
});

describe('a cell of the CSV', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['@A1', `"'@A1"`],
    ['+2-3', `"'+2-3"`],
    ['-A2', `"'-A2"`],
    ['-a,b', `"'-a,b"`],
    ['a=1', 'a=1'],
    ['ann-2', 'ann-2'],
  ])('of the user %s is %s, which no spreadsheet runs', async (name, cell) => {
    const csv = toCsv(await coverageOf('any', account([row(name, false)]).directory));

    expect(csv.split('\r\n')[1]?.startsWith(`${cell},`)).toBe(true);
  });

  it.each(['\t', '\r'])('may not begin with %j either', (character) => {
    const user = {
      ...{ userArn: '', mfaActive: true, virtualDevices: 0 },
      passwordEnabled: true,
      activeAccessKeys: 1,
    };
    const items = [{ ...user, userName: `${character}=1` }];

    const csv = toCsv({ reportGeneratedAt: '', reportAgeSeconds: 0, items });

    expect(csv).toContain(`"'${character}=1"`);
  });
});

describe('a credential report', () => {
  it.each([
    ['plain', row('a,b', true)],
    ['quoted', `"a,b","${arnOf('a,b')}",2026-01-01T00:00:00+00:00,true,true,true,false,N/A`],
  ])('may have %s commas in names and paths', (_, line) => {
    const [user] = usersOf([header, line].join('\n'));
    expect(user).toEqual({
      userName: 'a,b',
      userArn: arnOf('a,b'),
      mfaActive: true,
      passwordEnabled: true,
      activeAccessKeys: 1,
    });
  });

  it('may have columns that are not known here', () => {
    const [user] = usersOf(`${header},new_column\n${row('ada', true)},x`);
    expect(user).toMatchObject({ userName: 'ada', mfaActive: true, passwordEnabled: true });
  });

  it.each([
    ['nothing', ''],
    ['another table', 'a,b\n1,2'],
    ['no column of MFA', 'user,arn,password_enabled\nada,arn:aws:iam::123456789012:user/ada,true'],
    ['a row without an ARN', `${header}\nada,nothing,2026,true,true,true,false,N/A`],
  ])('with %s in it is refused', (_, csv) => {
    expect(() => [...usersOf(csv)]).toThrow(expect.objectContaining({ code: 'upstream-failed' }));
  });
});
