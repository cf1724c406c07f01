import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { stepUp } from '../support/e2e-flows.ts';
import { staffSession } from '../support/staff.ts';

const api = useApi();

const kim = () => staffSession(api.stack, 'kim');

interface Item {
  readonly userName: string;
  readonly mfaActive: boolean;
  readonly virtualDevices: number;
}

async function users(target: string): Promise<readonly Item[]> {
  const answer = await api.fetch(await kim(), 'GET', target);
  expect(answer.status).toBe(200);
  return answer.json().items;
}

describe('GET /v1/users', () => {
  it('lists users without MFA first', async () => {
    const items = await users('/v1/users');

    const withMfa = items.filter(({ mfaActive }) => mfaActive).map(({ userName }) => userName);
    expect(withMfa).toEqual(['bob', 'dora']);
    expect(items.slice(-2).map(({ userName }) => userName)).toEqual(['bob', 'dora']);
    expect(items.find(({ userName }) => userName === 'bob')).toMatchObject({ virtualDevices: 1 });
  });

  it.each([
    ['none', false],
    ['some', true],
  ])('filters by mfa=%s', async (filter, mfaActive) => {
    const items = await users(`/v1/users?mfa=${filter}`);

    expect(items.length).toBeGreaterThan(0);
    expect(items.every((item) => item.mfaActive === mfaActive)).toBe(true);
  });

  it('returns CSV on request', async () => {
    const answer = await api.fetch(await kim(), 'GET', '/v1/users?mfa=some', undefined, {
      accept: 'text/csv',
    });

    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.text.split('\r\n')).toEqual([
      'userName,userArn,mfaActive,virtualDevices,passwordEnabled,activeAccessKeys',
      'bob,arn:aws:iam::123456789012:user/bob,true,1,false,1',
      'dora,arn:aws:iam::123456789012:user/dora,true,0,false,1',
      '',
    ]);
  });

  it('needs one report, five pages of devices and no call per user for 5,000 users', async () => {
    const { account } = api.stack;
    for (let index = account.users.list().length; index < 5000; index += 1) {
      const userName = `user-${index}`;
      const user = account.users.create({ userName, path: '/', tags: [], now: account.now() });
      const device = account.devices.createVirtual(`arn:aws:iam::123456789012:mfa/${userName}`, []);
      account.devices.establish(device, user, account.now());
    }

    const items = await users('/v1/users');

    expect(items).toHaveLength(5000);
    const called = Map.groupBy(api.called(), (operation) => operation);
    const counts = [...called].map(([operation, calls]) => [operation, calls.length] as const);
    expect(new Map(counts).get('ListVirtualMFADevices')).toBe(5);
    expect([...called.keys()].sort()).toEqual([
      'AssumeRole',
      'GenerateCredentialReport',
      'GetCredentialReport',
      'ListVirtualMFADevices',
    ]);
  });

  it('waits briefly for the report while IAM generates it', async () => {
    api.stack.faults.put({ operation: 'GetCredentialReport', error: 'ReportInProgress', times: 1 });

    const items = await users('/v1/users');

    expect(items.length).toBeGreaterThan(0);
    expect(api.called().filter((operation) => operation === 'GetCredentialReport')).toHaveLength(2);
  });

  it('says so when IAM is still generating the report', async () => {
    api.stack.faults.put({ operation: 'GetCredentialReport', error: 'ReportInProgress', times: 100 });

    const answer = await api.fetch(await kim(), 'GET', '/v1/users');

    expect(answer.json()).toMatchObject({ status: 503, code: 'report-not-ready', retryAfter: 5 });
    expect(answer.headers['retry-after']).toBe('5');
  });
});

describe('GET /v1/users/{userName}/mfa-devices', () => {
  it.each([
    ['bob', [{ id: 'phone', kind: 'virtual', status: 'active' }]],
    ['dora', [{ kind: 'fido' }]],
    ['carol', []],
  ])('lists the devices of %s', async (userName, devices) => {
    const answer = await api.fetch(await kim(), 'GET', `/v1/users/${userName}/mfa-devices`);

    expect(answer.json().items).toMatchObject(devices);
  });

  it.each(['nobody', 'BOB'])(
    'answers 404 for %s, which is not exactly a user name in IAM',
    async (userName) => {
      const answer = await api.fetch(await kim(), 'GET', `/v1/users/${userName}/mfa-devices`);

      expect(answer.json()).toMatchObject({ status: 404, code: 'user-not-found' });
    },
  );
});

describe('the name of a user in a path', () => {
  const about = async (userName: string) =>
    api.fetch(await kim(), 'GET', `/v1/users/${userName}/mfa-devices`);

  it.each(['a@b+c', 'a%40b+c', 'a@b%2Bc', 'a%40b%2bc'])('may be spelled %s', async (spelling) => {
    const { account } = api.stack;
    account.users.create({ userName: 'a@b+c', path: '/', tags: [], now: account.now() });

    const answer = await about(spelling);

    expect(answer.json()).toEqual({ items: [] });
  });

  it('is 400 if its encoding is not UTF-8', async () => {
    expect((await about('a%ff')).json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/path/userName', detail: 'must be percent-encoded UTF-8' }],
    });
  });

  it.each(['%62ob', 'bo%62', 'x%2F..%2Fbob', '%2e%2e', '%252e%252e', 'bob%2F', 'bob%5C', '..%2fusers%2fbob'])(
    'is refused as %s, before any user is looked up',
    async (spelling) => {
      const answer = await about(spelling);

      expect([403, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('phone');
      expect(answer.json().code).not.toBe('user-not-found');
      expect(api.called().filter((operation) => operation.startsWith('List'))).toEqual([]);
    },
  );
});

describe('an audit role that cannot be assumed', () => {
  it('is not reported as an unknown user', async () => {
    const keys = await kim();
    api.stack.faults.put({ operation: 'AssumeRole', error: 'AccessDenied', times: 10 });

    const answer = await api.fetch(keys, 'GET', '/v1/users/alice/mfa-devices');

    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
  });
});

describe('the routes of auditors', () => {
  it.each(['/v1/users', '/v1/users/bob/mfa-devices'])('refuse %s to everyone else', async (target) => {
    const pat = await staffSession(api.stack, 'pat');
    for (const who of ['bob', stepUp(api, 'bob'), pat, 'kim']) {
      const answer = await api.fetch(who, 'GET', target);
      expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied' });
    }
    expect(api.called().filter((operation) => operation.startsWith('List'))).toEqual([]);
  });
});
