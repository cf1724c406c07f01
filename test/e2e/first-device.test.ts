import { DeactivateMFADeviceCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { localFunctionName } from '../../local-aws/deployment.ts';
import { useApi } from '../support/e2e.ts';
import {
  createFirst,
  createFurther,
  type Enrolled,
  enableFirst,
  enableFurther,
  enrolFirst,
  stepUp,
} from '../support/e2e-flows.ts';
import { userKeys } from '../support/stack.ts';
import { isLeased } from '../support/under-lease.ts';

const api = useApi();
const racers = 20;

const race = <T>(run: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: racers }, (_, index) => run(index)));

const enablings = () => api.called().filter((operation) => operation === 'EnableMFADevice').length;

describe('a second first device', () => {
  it('cannot be created', async () => {
    await enrolFirst(api, 'alice');
    const before = api.devices();
    const answer = await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'second' });
    expect(answer.json()).toMatchObject({ status: 403, code: 'first-device-only' });
    expect(api.devices()).toBe(before);
  });

  it('cannot be enabled when it was created before the first one was enabled', async () => {
    const second = await createFirst(api, 'alice', 'second');
    const first = await enrolFirst(api, 'alice', 'first');
    const before = api.devices();
    const answer = await enableFirst(api, 'alice', second);
    expect(answer.json()).toMatchObject({ status: 403, code: 'first-device-only' });
    expect(api.devices()).toBe(before);
    expect(api.activeDevices('alice')).toEqual([first.serialNumber]);
    expect(enablings()).toBe(1);
  });

  it('cannot be created by a user who has only a FIDO key', async () => {
    const before = api.devices();
    const created = await api.fetch('dora', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    expect(created.json()).toMatchObject({ status: 403, code: 'first-device-only' });
    expect(api.devices()).toBe(before);

    const pending = await createFurther(api, stepUp(api, 'dora'), 'phone');
    const enabled = await enableFirst(api, 'dora', pending);
    expect(enabled.json()).toMatchObject({ status: 403, code: 'first-device-only' });
    expect(api.activeDevices('dora')).toHaveLength(1);
  });

  it('cannot be enabled by 20 simultaneous calls for two pending devices: one becomes active', async () => {
    const pending = [await createFirst(api, 'alice', 'one'), await createFirst(api, 'alice', 'two')] as const;
    const answers = await race(async (index) => {
      const device = pending[index % 2 === 0 ? 0 : 1];
      return { device, answer: await enableFirst(api, 'alice', device) };
    });

    const [active, ...more] = api.activeDevices('alice');
    expect(more).toEqual([]);
    const winners = answers.filter(({ answer }) => answer.status === 200);
    expect(new Set(winners.map(({ device }) => device.serialNumber))).toEqual(new Set([active]));
    const losers = answers.filter(({ answer }) => answer.status !== 200);
    expect(losers.filter(({ answer }) => !busyOrLate.has(answer.json().code))).toEqual([]);
    expect(winners.length + losers.length).toBe(racers);
    expect(enablings()).toBe(1);
  });

  it.each([1, 2, 3])(
    'cannot be enabled by 20 simultaneous calls for four pending devices: round %i',
    async () => {
      const pending: Enrolled[] = [];
      for (const name of ['one', 'two', 'three', 'four']) pending.push(await createFirst(api, 'carol', name));
      const answers = await race((index) => enableFirst(api, 'carol', pending[index % 4] ?? never()));
      expect(api.activeDevices('carol')).toHaveLength(1);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    },
  );
});

const busyOrLate = new Set(['busy', 'first-device-only']);

describe('creating one name 20 times at once', () => {
  it('leaves one device, whose seed was in one of the answers', async () => {
    const answers = await race(() =>
      api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' }),
    );
    const created = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(created.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(refused.length > 0 ? [409] : []));

    const { items } = (await api.fetch('alice', 'GET', '/v1/me/mfa-devices')).json();
    expect(items.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ['phone', 'pending'],
    ]);
    const seeds: readonly string[] = created.map((answer) => answer.json().base32Seed);
    const { seed } = api.stack.account.devices.get(items[0].serialNumber);
    expect(seeds).toContain(seed);
  });

  it('never removes the active device while it is being enabled', async () => {
    const device = await createFirst(api, 'alice');
    const answers = await race((index) =>
      index % 2 === 0
        ? enableFirst(api, 'alice', device)
        : api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' }),
    );
    const enabled = answers.filter((answer) => answer.status === 200);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(api.activeDevices('alice')).toEqual(enabled.length > 0 ? [device.serialNumber] : []);
  });
});

describe('a user whose device an administrator just deactivated', () => {
  const deactivate = async ({ serialNumber }: Enrolled) => {
    const { accessKeyId, secretAccessKey } = userKeys('admin');
    const admin = new IAMClient({
      endpoint: api.stack.awsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    await admin.send(new DeactivateMFADeviceCommand({ UserName: 'alice', SerialNumber: serialNumber }));
    admin.destroy();
  };

  it('may re-enable the same device, but no other until IAM is sure to show the change', async () => {
    const other = await createFirst(api, 'alice', 'other');
    const phone = await enrolFirst(api, 'alice');
    await deactivate(phone);
    const enabling = await enableFirst(api, 'alice', other);
    expect(enabling.json()).toMatchObject({ status: 409, code: 'busy' });
    const creating = await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'third' });
    expect(creating.json()).toMatchObject({ status: 409, code: 'busy' });
    expect(api.activeDevices('alice')).toEqual([]);
    expect((await enableFirst(api, 'alice', phone)).status).toBe(200);
    expect(api.activeDevices('alice')).toEqual([phone.serialNumber]);
  });

  it('may enable another device five minutes after the enrolment', async () => {
    const phone = await enrolFirst(api, 'alice');
    await deactivate(phone);
    api.stack.clock.advance(300);
    const other = await createFirst(api, 'alice', 'other');
    expect((await enableFirst(api, 'alice', other)).status).toBe(200);
  });

  it('cannot enrol a further device with a session they still hold', async () => {
    const phone = await enrolFirst(api, 'alice');
    const session = stepUp(api, 'alice');
    const further = await createFurther(api, session, 'further');
    await deactivate(phone);
    api.stack.clock.advance(300);
    const answer = await enableFurther(api, session, further);
    expect(answer.json()).toMatchObject({ status: 409, code: 'no-active-device' });
    expect(api.activeDevices('alice')).toEqual([]);
  });
});

describe('a function that dies while it holds the lease', () => {
  it('leaves only its own user busy, until the lease expires', async () => {
    const device = await createFirst(api, 'alice');
    const carols = await createFirst(api, 'carol');
    api.stack.faults.put({
      operation: 'EnableMFADevice',
      delayMs: 600_000,
      error: 'ServiceFailure',
      times: 1,
    });
    const dying = enableFirst(api, 'alice', device);
    await expect.poll(() => isLeased(api, 'alice'), { timeout: 10_000 }).toBe(true);
    await api.stack.lambda.kill(localFunctionName('enable-first-mfa-device'));
    expect(await dying).toMatchObject({ status: 502 });
    api.stack.faults.clear();

    const next = await enableFirst(api, 'alice', device);
    expect(next.json()).toMatchObject({ status: 409, code: 'busy', retryAfter: 2 });
    expect((await enableFirst(api, 'carol', carols)).status).toBe(200);
    api.stack.clock.advance(20);
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    expect(api.activeDevices('alice')).toEqual([device.serialNumber]);
  });

  it('leaves no room for another first device if it had enabled one', async () => {
    const [device, other] = [await createFirst(api, 'alice'), await createFirst(api, 'alice', 'other')];
    api.stack.faults.put({
      operation: 'UntagMFADevice',
      delayMs: 600_000,
      error: 'ServiceFailure',
      times: 1,
    });
    const dying = enableFirst(api, 'alice', device);
    await expect.poll(() => api.called(), { timeout: 10_000 }).toContain('EnableMFADevice');
    await api.stack.lambda.kill(localFunctionName('enable-first-mfa-device'));
    expect(await dying).toMatchObject({ status: 502 });

    expect((await enableFirst(api, 'alice', other)).json()).toMatchObject({ code: 'first-device-only' });
    api.stack.clock.advance(20);
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    expect(api.activeDevices('alice')).toEqual([device.serialNumber]);
  });
});

function never(): never {
  throw new Error('There are as many devices.');
}
