import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { codesNow, createFirst, type Enrolled, enableFirst, stepUp } from '../support/e2e-flows.ts';

const api = useApi();

const create = (name = 'phone') => api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name });
const timesCalled = (operation: string) => api.called().filter((called) => called === operation).length;

/** Enables the device as IAM would for a call whose answer is lost. */
function carryOut({ serialNumber, seed }: Enrolled): void {
  const { devices, users, clock } = api.stack.account;
  const { code1, code2 } = codesNow(api, seed);
  devices.enable(users.get('alice'), serialNumber, [code1, code2], clock.now());
}

describe('an AWS failure', () => {
  it.each([
    ['Throttling', 429, 'throttled'],
    ['AccessDenied', 502, 'upstream-failed'],
    ['ServiceFailure', 502, 'upstream-failed'],
    ['malformed', 502, 'upstream-failed'],
    ['connection-reset', 502, 'upstream-failed'],
    ['NoSuchEntity', 502, 'upstream-failed'],
    ['LimitExceeded', 409, 'device-limit'],
    ['ConcurrentModification', 409, 'busy'],
    ['SomethingNew', 502, 'upstream-failed'],
  ])('(%s) at creating a device is reported as %i %s', async (error, status, code) => {
    api.stack.faults.put({ operation: 'CreateVirtualMFADevice', error, times: 10 });
    const before = api.devices();
    const answer = await create();
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.headers['retry-after']).toBe(status === 429 || code === 'busy' ? '2' : undefined);
    expect(answer.text).not.toMatch(/fault|Rate exceeded|arn:|mfa-self-service-local/);
    expect(api.devices()).toBe(before);
  });

  it.each([
    // The functions hold no credentials for carol yet, so they call STS first.
    ['AssumeRole', 'AccessDenied', 502, 'carol'],
    ['AssumeRole', 'Throttling', 429, 'bob'],
    ['ListMFADevices', 'Throttling', 429, 'alice'],
    ['ListMFADevices', 'AccessDenied', 502, 'alice'],
    ['ListVirtualMFADevices', 'malformed', 502, 'alice'],
  ])('at %s (%s) is reported by every read as %i', async (operation, error, status, who) => {
    // Whether a device is pending is asked only of one's own.
    await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    api.stack.faults.put({ operation, error, times: 100 });
    const paths = ['/v1/me', '/v1/me/mfa-devices', '/v1/me/mfa-devices/phone'];
    const answers = await Promise.all(paths.map((path) => api.fetch(who, 'GET', path)));
    expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
    api.stack.faults.clear();
    expect((await api.fetch(who, 'GET', '/v1/me')).status).toBe(200);
  });

  it.each([
    ['alice', 'GET', '/v1/me', undefined],
    ['alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' }],
    ['bob', 'POST', '/v1/mfa-devices/phone/resync', { code1: '123456', code2: '654321' }],
    ['bob', 'DELETE', '/v1/mfa-devices/phone', undefined],
  ] as const)('to find the user is reported to %s as 404 at %s %s', async (who, method, path, body) => {
    const caller = who === 'bob' ? stepUp(api, who) : who;
    api.stack.faults.put({ operation: 'ListMFADevices', error: 'NoSuchEntity', times: 10 });

    const answer = await api.fetch(caller, method, path, body);

    expect(answer.json()).toMatchObject({ status: 404, code: 'user-not-found' });
  });

  it('is retried where that is safe, and the request succeeds', async () => {
    api.stack.faults.put({ operation: 'ListMFADevices', error: 'Throttling', times: 2 });
    expect((await api.fetch('alice', 'GET', '/v1/me')).status).toBe(200);
  });
});

describe('enabling a device', () => {
  it.each(['ServiceFailure', 'connection-reset', 'malformed'])(
    'is not retried after %s: the device stays pending, and fresh codes enable it',
    async (error) => {
      const device = await createFirst(api, 'alice');
      api.stack.faults.put({ operation: 'EnableMFADevice', error, times: 1 });
      const failed = await enableFirst(api, 'alice', device);
      expect(failed.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
      expect(timesCalled('EnableMFADevice')).toBe(1);
      expect((await api.fetch('alice', 'GET', '/v1/me')).json().mfa).toEqual({ active: 0, pending: 1 });
      api.stack.clock.advance(60);
      expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    },
  );

  it('is retried after throttling, which IAM reports before it checks codes', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.faults.put({ operation: 'EnableMFADevice', error: 'Throttling', times: 2 });
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    expect(timesCalled('EnableMFADevice')).toBe(3);
  });

  it('succeeds when IAM enabled the device but its answer was lost', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.faults.put({ operation: 'EnableMFADevice', error: 'connection-reset', delayMs: 500, times: 1 });
    const answering = enableFirst(api, 'alice', device);
    // The last list that still shows it as pending.
    await expect.poll(() => api.called(), { timeout: 10_000 }).toContain('ListMFADeviceTags');
    carryOut(device);
    expect((await answering).json()).toMatchObject({ id: 'phone', status: 'active' });
    expect(timesCalled('EnableMFADevice')).toBe(1);
  });

  it('is discovered by a repeat when IAM finished after the request gave up', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.faults.put({ operation: 'EnableMFADevice', error: 'connection-reset', times: 1 });
    expect((await enableFirst(api, 'alice', device)).status).toBe(502);
    carryOut(device);
    const again = await enableFirst(api, 'alice', device);
    expect(again.json()).toMatchObject({ id: 'phone', status: 'active' });
    expect(timesCalled('EnableMFADevice')).toBe(1);
  });

  it('succeeds even if the expiry tag cannot be removed', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.faults.put({ operation: 'UntagMFADevice', error: 'ServiceFailure', times: 10 });
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
  });

  it.each(['InternalServerError', 'ProvisionedThroughputExceededException', 'connection-reset', 'malformed'])(
    'does not happen while the table is unreachable: %s',
    async (error) => {
      const device = await createFirst(api, 'alice');
      const before = api.devices();
      api.stack.faults.put({ operation: 'UpdateItem', error, times: 50 });
      const answer = await enableFirst(api, 'alice', device);
      expect(answer.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
      expect(timesCalled('EnableMFADevice')).toBe(0);
      expect(api.devices()).toBe(before);
    },
  );
});
