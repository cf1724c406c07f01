import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { localFunctionName } from '../../local-aws/deployment.ts';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  bobsPhone,
  codesNow,
  createFurther,
  type Enrolled,
  enableFurther,
  foreignId,
  stepUp,
} from '../support/e2e-flows.ts';
import { userKeys } from '../support/stack.ts';

const api = useApi();
const activation = (id: string) => `/v1/mfa-devices/${id}/activation`;
const device = (id: string) => `/v1/mfa-devices/${id}`;
const known = (serialNumber: string) => api.stack.account.devices.find(serialNumber) !== undefined;

/** Gives bob a second active device besides the phone. */
async function enrolFurther(name: string): Promise<Enrolled> {
  const enrolled = await createFurther(api, stepUp(api, 'bob'), name);
  const answer = await enableFurther(api, stepUp(api, 'bob'), enrolled);
  expect(answer.status, answer.text).toBe(200);
  return enrolled;
}

/** Gives bob a virtual device that predates the service: root path, no tags. */
async function enrolElsewhere(): Promise<string> {
  const iam = new IAMClient({
    endpoint: api.stack.awsUrl,
    region: 'us-east-1',
    credentials: { ...userKeys('admin') },
  });
  const created = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'old' }));
  const SerialNumber = created.VirtualMFADevice?.SerialNumber ?? '';
  const seed = new TextDecoder().decode(created.VirtualMFADevice?.Base32StringSeed);
  const { code1, code2 } = codesNow(api, seed);
  const codes = { AuthenticationCode1: code1, AuthenticationCode2: code2 };
  await iam.send(new EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...codes }));
  iam.destroy();
  return SerialNumber;
}

describe('deactivating', () => {
  it('removes a device from its owner, who can enable it again', async () => {
    const tablet = await enrolFurther('tablet');

    const first = await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'));
    const again = await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'));

    expect([first.status, first.text, again.status]).toEqual([204, '', 204]);
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
    const listed = await api.fetch('bob', 'GET', '/v1/me/mfa-devices/tablet');
    expect(listed.json()).toMatchObject({ status: 'pending', tags: {} });
    expect(listed.json()).not.toHaveProperty('expiresAt');
    api.stack.clock.advance(90);
    expect((await enableFurther(api, stepUp(api, 'bob'), tablet)).status).toBe(200);
  });

  it('and deleting refuse the last active device, even beside pending ones', async () => {
    await createFurther(api, stepUp(api, 'bob'), 'pending');
    const before = api.devices();

    for (const path of [activation('phone'), device('phone')]) {
      const answer = await api.fetch(stepUp(api, 'bob'), 'DELETE', path);
      expect(answer.json()).toMatchObject({ status: 409, code: 'last-device' });
    }

    expect(api.devices()).toBe(before);
  });

  it('both devices at once leaves one', async () => {
    await enrolFurther('tablet');
    const session = stepUp(api, 'bob');

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        api.fetch(session, 'DELETE', activation(index % 2 === 0 ? 'phone' : 'tablet')),
      ),
    );

    expect(api.activeDevices('bob')).toHaveLength(1);
    const codes = answers.filter(({ status }) => status !== 204).map((answer) => answer.json().code);
    expect(new Set([...codes, 'busy', 'last-device'])).toEqual(new Set(['busy', 'last-device']));
  });

  it('the second of two devices is refused even if IAM’s list still shows the first', async () => {
    await enrolFurther('tablet');
    await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'));
    const { account } = api.stack;
    const tablet = account.devices.get(`${accountArn}:mfa/self-service/bob/tablet`);
    // A stale list in effect: active according to IAM, removed according to the table.
    Object.assign(tablet, {
      owner: { userId: account.users.get('bob').userId, enabledAt: api.stack.clock.now() },
    });

    const answer = await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('phone'));

    expect(answer.json()).toMatchObject({ code: 'last-device' });
  });

  it('works for a device that predates the service, which its owner can then delete', async () => {
    const old = await enrolElsewhere();

    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', activation(foreignId(old)))).status).toBe(204);
    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', device(foreignId(old)))).status).toBe(204);

    expect(known(old)).toBe(false);
  });

  it('a device made elsewhere fails while it has no room for a tag, as do deleting and replacing it', async () => {
    const id = foreignId(await enrolElsewhere());
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));
    await api.fetch(stepUp(api, 'bob'), 'POST', `${device(id)}/tags`, { tags });
    const replacing = { ...codesNow(api, tablet.seed), replaces: id };

    const answers = [
      await api.fetch(stepUp(api, 'bob'), 'DELETE', activation(id)),
      await api.fetch(stepUp(api, 'bob'), 'DELETE', device(id)),
      await api.fetch(stepUp(api, 'bob'), 'PUT', activation('tablet'), replacing),
    ];

    for (const answer of answers) expect(answer.json()).toMatchObject({ status: 409, code: 'tag-limit' });
  });

  it('a replaced device fails if another call enables it again before it is deleted', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    api.stack.faults.put({ operation: 'DeleteVirtualMFADevice', error: 'DeleteConflict', times: 1 });
    const replacing = { ...codesNow(api, tablet.seed), replaces: 'phone' };

    const answer = await api.fetch(stepUp(api, 'bob'), 'PUT', activation('tablet'), replacing);

    expect(answer.json()).toMatchObject({
      status: 409,
      code: 'device-active',
      detail: expect.stringMatching(/^Your new device is active, but .* Repeat this call\.$/),
    });
  });

  it('works for a FIDO key beside another device', async () => {
    const pending = await createFurther(api, stepUp(api, 'dora'), 'phone');
    expect((await enableFurther(api, stepUp(api, 'dora'), pending)).status).toBe(200);
    const fido = api.activeDevices('dora').find((serialNumber) => serialNumber.includes(':u2f/')) ?? '';

    const answer = await api.fetch(stepUp(api, 'dora'), 'DELETE', device(foreignId(fido)));

    expect(answer.status).toBe(204);
    expect(api.activeDevices('dora')).toEqual([pending.serialNumber]);
  });
});

describe('deleting', () => {
  it('removes an active device completely; a repeat answers the same or that it is gone', async () => {
    const { serialNumber } = await enrolFurther('tablet');

    const first = await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'));
    const again = await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'));

    expect([first.status, again.status]).toEqual([204, 404]);
    expect(known(serialNumber)).toBe(false);
    expect((await createFurther(api, stepUp(api, 'bob'), 'tablet')).name).toBe('tablet');
  });

  it('can be repeated to finish when it fails half-way', async () => {
    const { serialNumber } = await enrolFurther('tablet');
    api.stack.faults.put({ operation: 'DeleteVirtualMFADevice', error: 'ServiceFailure', times: 3 });

    const failed = await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'));
    expect(failed.json()).toMatchObject({
      status: 502,
      code: 'upstream-failed',
      detail: 'The device is deactivated, but its deletion is not confirmed. Repeat this call.',
    });
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
    const again = await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'));

    expect(again.status).toBe(204);
    expect(known(serialNumber)).toBe(false);
  });

  it('removes a pending device', async () => {
    const { serialNumber } = await createFurther(api, stepUp(api, 'bob'), 'tablet');

    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'))).status).toBe(204);

    expect(known(serialNumber)).toBe(false);
  });

  it.each(['phone', foreignId(bobsPhone), foreignId('GAHT00000001'), foreignId(`${accountArn}:mfa/old`)])(
    'does not reach another user’s device by %s',
    async (id) => {
      await enrolElsewhere();
      const before = api.devices();

      for (const path of [activation(id), device(id)]) {
        const answer = await api.fetch(stepUp(api, 'carol'), 'DELETE', path);
        expect(answer.json()).toMatchObject({ status: 404, code: 'device-not-found' });
      }

      expect(api.devices()).toBe(before);
    },
  );

  it('reports the true state after a lost answer', async () => {
    await enrolFurther('tablet');
    api.stack.faults.put({ operation: 'DeactivateMFADevice', error: 'connection-reset', times: 2 });

    const failed = await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'));

    expect(failed.json()).toMatchObject({ status: 502 });
    expect(api.activeDevices('bob')).toHaveLength(2);
    // The tablet may be gone: until IAM is sure to show it, the phone counts as the last one.
    const phone = await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('phone'));
    expect(phone.json()).toMatchObject({ code: 'last-device' });
    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'))).status).toBe(204);
  });

  it('survives a function that dies holding the lease', async () => {
    await enrolFurther('tablet');
    api.stack.account.trail.clear();
    api.stack.faults.put({ operation: 'DeactivateMFADevice', delayMs: 5_000, times: 1 });
    const dying = api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'));
    await expect.poll(() => api.called()).toContain('ListMFADevices');
    await api.stack.lambda.kill(localFunctionName('deactivate-mfa-device'));
    expect((await dying).status).toBe(502);

    const next = await api.fetch(stepUp(api, 'bob'), 'DELETE', device('phone'));
    expect(next.json()).toMatchObject({ code: 'busy', retryAfter: 2 });
    api.stack.clock.advance(20);

    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', device('tablet'))).status).toBe(204);
  });
});

describe('replacing', () => {
  const replace = (enrolled: Enrolled, replaces: string) =>
    api.fetch(stepUp(api, 'bob'), 'PUT', activation(enrolled.name), {
      ...codesNow(api, enrolled.seed),
      replaces,
    });

  it('enables the new device and removes the old one', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');

    const answer = await replace(tablet, 'phone');

    expect(answer.json()).toMatchObject({ id: 'tablet', status: 'active' });
    expect(api.activeDevices('bob')).toEqual([tablet.serialNumber]);
    expect(known(bobsPhone)).toBe(false);
    expect((await replace(tablet, 'phone')).status).toBe(200);
  });

  it('leaves the old device alone when the codes are wrong', async () => {
    await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const before = api.activeDevices('bob');

    const answer = await api.fetch(stepUp(api, 'bob'), 'PUT', activation('tablet'), {
      code1: '000000',
      code2: '000001',
      replaces: 'phone',
    });

    expect(answer.json()).toMatchObject({ status: 422 });
    expect(api.activeDevices('bob')).toEqual(before);
  });

  it.each(['DeactivateMFADevice', 'DeleteVirtualMFADevice'])(
    'can be repeated to finish after %s failed',
    async (operation) => {
      const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
      api.stack.faults.put({ operation, error: 'ServiceFailure', times: 3 });

      const failed = await replace(tablet, 'phone');
      expect(failed.json()).toMatchObject({
        status: 502,
        detail: expect.stringMatching(/^Your new device is active, but .* Repeat this call\.$/),
      });
      expect(api.activeDevices('bob')).toContain(tablet.serialNumber);
      const again = await replace(tablet, 'phone');

      expect(again.status).toBe(200);
      expect(api.activeDevices('bob')).toEqual([tablet.serialNumber]);
      expect(known(bobsPhone)).toBe(false);
    },
  );

  it('works for a device that predates the service', async () => {
    const old = await enrolElsewhere();
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');

    expect((await replace(tablet, foreignId(old))).status).toBe(200);

    expect(known(old)).toBe(false);
    expect(api.activeDevices('bob')).toHaveLength(2);
  });

  it.each([
    ['with an unknown device', 'nothing', 404],
    ['with another user’s device', foreignId(`${accountArn}:mfa/self-service/alice/phone`), 404],
    ['with the new device itself', 'tablet', 400],
  ])('%s as the old one enables nothing', async (_, replaces, status) => {
    await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const before = api.devices();

    const answer = await replace(tablet, replaces);
    expect(answer.status, answer.text).toBe(status);

    expect(api.devices()).toBe(before);
  });

  it('needs an active device: an old session enrols nothing after the devices are gone', async () => {
    const session = stepUp(api, 'alice');
    const pending = await createFurther(api, session, 'tablet');

    const answer = await enableFurther(api, session, pending);

    expect(answer.json()).toMatchObject({ status: 409, code: 'no-active-device' });
    expect(api.activeDevices('alice')).toEqual([]);
  });
});
