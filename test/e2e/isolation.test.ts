import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  askForSession,
  bobsPhone,
  bobsSeed,
  codesNow,
  createFirst,
  createFurther,
  enableFirst,
  enrolFirst,
  foreignId,
  formsOfBobsPhone,
  sessionIn,
  stepUp,
} from '../support/e2e-flows.ts';
import { userKeys } from '../support/stack.ts';

const api = useApi();
const dorasKey = `${accountArn}:u2f/user/dora/key-LOCALDORA0001`;
const hardwareToken = 'GAHT00000001';

const itemsOf = async (who: string) => (await api.fetch(who, 'GET', '/v1/me/mfa-devices')).json().items;

describe("another user's device", () => {
  it.each(formsOfBobsPhone)('can neither be seen nor become a first device by its %s', async (_form, id) => {
    const before = api.devices();
    const seen = await api.fetch('alice', 'GET', `/v1/me/mfa-devices/${id}`);
    expect(seen.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    const codes = codesNow(api, bobsSeed);
    const enabled = await api.fetch('alice', 'PUT', `/v1/me/first-mfa-device/${id}/activation`, codes);
    expect(enabled.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    expect(api.devices()).toBe(before);
    expect(api.called()).not.toContain('EnableMFADevice');
  });

  it('cannot be taken over, even if it is a hardware token and the codes are right', async () => {
    const { devices, users, clock } = api.stack.account;
    const seed = devices.get(hardwareToken).seed ?? '';
    const { code1, code2 } = codesNow(api, seed);
    devices.enable(users.get('bob'), hardwareToken, [code1, code2], clock.now());
    clock.advance(90);
    const path = `/v1/me/first-mfa-device/${foreignId(hardwareToken)}/activation`;
    const answer = await api.fetch('alice', 'PUT', path, codesNow(api, seed));
    expect(answer.json()).toMatchObject({ status: 409, code: 'device-in-use' });
    const seen = await api.fetch('alice', 'GET', `/v1/me/mfa-devices/${foreignId(hardwareToken)}`);
    expect(seen.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    expect(api.activeDevices('bob')).toEqual([bobsPhone, hardwareToken]);
  });

  it('cannot be enabled while pending, even with its own codes', async () => {
    const device = await createFurther(api, stepUp(api, 'bob'), 'spare');
    await enrolFirst(api, 'alice');
    const before = api.devices();
    for (const id of ['spare', foreignId(device.serialNumber)]) {
      const codes = codesNow(api, device.seed);
      const answer = await api.fetch(stepUp(api, 'alice'), 'PUT', `/v1/mfa-devices/${id}/activation`, codes);
      expect(answer.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    }
    expect(api.devices()).toBe(before);
  });

  it('is neither replaced nor in the way when a device of the same name is created', async () => {
    const device = await createFurther(api, stepUp(api, 'bob'), 'spare');
    const own = await createFirst(api, 'alice', 'spare');
    expect(own.serialNumber).toBe(`${accountArn}:mfa/self-service/alice/spare`);
    expect(api.stack.account.devices.get(device.serialNumber).seed).toBe(device.seed);
  });

  it('is listed for its owner only', async () => {
    await createFurther(api, stepUp(api, 'bob'), 'spare');
    expect(await itemsOf('alice')).toEqual([]);
    expect((await itemsOf('bob')).map(({ id }: { id: string }) => id)).toEqual(['phone', 'spare']);
  });

  it("is hidden from a user whose name starts with the owner's", async () => {
    const admin = adminClient();
    await admin.send(new CreateUserCommand({ UserName: 'bo' }));
    const keys = await newKeys(admin, 'bo');
    const { items } = (await api.fetch(keys, 'GET', '/v1/me/mfa-devices')).json();
    expect(items).toEqual([]);
    admin.destroy();
  });
});

describe('device kinds', () => {
  it('bob sees a virtual device that predates the service', async () => {
    const [phone, ...more] = await itemsOf('bob');
    expect(more).toEqual([]);
    expect(phone).toEqual({
      ...{ id: 'phone', name: 'phone', kind: 'virtual', serialNumber: bobsPhone, status: 'active' },
      enabledAt: expect.stringMatching(/Z$/),
    });
  });

  it.each([
    ['dora', dorasKey, 'fido', 'key-LOCALDORA0001'],
    ['alice', hardwareToken, 'hardware-totp', hardwareToken],
    ['alice', `${accountArn}:mfa/elsewhere`, 'virtual', 'elsewhere'],
  ])('%s sees %s as %s', async (userName, serialNumber, kind, name) => {
    const { devices, users } = api.stack.account;
    const user = users.get(userName);
    const seed = devices.find(serialNumber)?.seed ?? bobsSeed;
    if (kind === 'virtual') devices.createVirtual(serialNumber, [], seed);
    if (kind !== 'fido') {
      const { code1, code2 } = codesNow(api, seed);
      devices.enable(user, serialNumber, [code1, code2], api.stack.clock.now());
    }
    const [item, ...more] = await itemsOf(userName);
    expect(more).toEqual([]);
    expect(item).toMatchObject({ id: foreignId(serialNumber), name, kind, serialNumber, status: 'active' });
    const alone = await api.fetch(userName, 'GET', `/v1/me/mfa-devices/${item.id}`);
    expect(alone.json()).toEqual({ ...item, tags: {} });
    const created = await api.fetch(userName, 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    expect(created.json()).toMatchObject({ status: 403, code: 'first-device-only' });
  });
});

describe('carol, whose path is /team/', () => {
  it('enrols and gets a session like everyone else', async () => {
    const device = await enrolFirst(api, 'carol');
    expect(device.serialNumber).toBe(`${accountArn}:mfa/self-service/carol/phone`);
    const session = sessionIn(await askForSession(api, 'carol', device));
    const me = (await api.fetch(session, 'GET', '/v1/me')).json();
    expect(me).toMatchObject({ userArn: `${accountArn}:user/team/carol`, mfa: { active: 1 } });
    await createFurther(api, session, 'tablet');
    expect((await itemsOf('carol')).map(({ id }: { id: string }) => id)).toEqual(['phone', 'tablet']);
  });
});

describe('a user who was deleted and created again under the same name', () => {
  it("does not own the former user's pending device", async () => {
    const device = await createFirst(api, 'alice');
    const keys = await recreate('alice');

    const { items } = (await api.fetch(keys, 'GET', '/v1/me/mfa-devices')).json();
    expect(items).toEqual([]);
    const seen = await api.fetch(keys, 'GET', '/v1/me/mfa-devices/phone');
    expect(seen.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    const enabled = await enableFirst(api, keys, device);
    expect(enabled.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    const created = await api.fetch(keys, 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    expect(created.json()).toMatchObject({ status: 409, code: 'device-exists' });
    expect(api.stack.account.devices.get(device.serialNumber).seed).toBe(device.seed);
    expect(api.activeDevices('alice')).toEqual([]);
  });
});

function adminClient(): IAMClient {
  const { accessKeyId, secretAccessKey } = userKeys('admin');
  return new IAMClient({
    endpoint: api.stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
}

/** Deletes and recreates a user; returns the new user's keys. */
async function recreate(UserName: string) {
  const admin = adminClient();
  const { accessKeyId: AccessKeyId } = userKeys(UserName);
  await admin.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  const [PolicyArn] = api.stack.account.users.get(UserName).attachedPolicies;
  await admin.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await admin.send(new DeleteUserCommand({ UserName }));
  await admin.send(new CreateUserCommand({ UserName }));
  const keys = await newKeys(admin, UserName);
  admin.destroy();
  return keys;
}

/** Lets a user call the API and creates keys for them. */
async function newKeys(admin: IAMClient, UserName: string) {
  const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await admin.send(new PutUserPolicyCommand({ UserName, PolicyName: 'api', PolicyDocument }));
  const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName }));
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
}
