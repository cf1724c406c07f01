import {
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployment, localFunctionName } from '../../local-aws/deployment.ts';
import { Api } from '../support/e2e.ts';
import {
  accountArn,
  bobsPhone,
  codesNow,
  createFirst,
  createFurther,
  enableFirst,
  enrolFirst,
  stepUp,
} from '../support/e2e-flows.ts';
import { rawFetch } from '../support/http.ts';
import { sessionNamed } from '../support/recovery-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys } from '../support/stack.ts';
import { underLease } from '../support/under-lease.ts';

const api = new Api();
const hour = 3600;

beforeAll(() => api.start({}));
afterEach(() => api.reset());
afterAll(async () => {
  try {
    api.assertNoSecrets();
  } finally {
    await api.stack.close();
  }
});

const control = async (path: string, body: object) =>
  rawFetch(api.stack.awsUrl, 'POST', path, { 'content-type': 'application/json' }, JSON.stringify(body));

const run = () => control('/_local/run', { function: 'delete-expired-devices' });

const lines = (from: number): readonly Record<string, unknown>[] =>
  api.stack.lambda.logs
    .slice(from)
    .filter(({ functionName }) => functionName === localFunctionName('delete-expired-devices'))
    .map(({ line }) => JSON.parse(line));

/** Runs the function and returns its log lines. */
async function runLogged() {
  const from = api.stack.lambda.logs.length;
  expect((await run()).status).toBe(200);
  await expect.poll(() => lines(from).at(-1)).toMatchObject({ message: 'run' });
  return lines(from);
}

const exists = (serialNumber: string) => api.stack.account.devices.find(serialNumber) !== undefined;
const userId = (name: string) => api.stack.account.users.get(name).userId;

/** A virtual device created outside the API. */
function plant(path: string, tags: Readonly<Record<string, string>>) {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return api.stack.account.devices.createVirtual(`${accountArn}:mfa/${path}`, list);
}

const past = '2020-01-01T00:00:00.000Z';
const productTags = (owner: string, expiresAt = past) => ({
  'mfa-self-service:owner': owner,
  'mfa-self-service:expires-at': expiresAt,
});

describe('expired enrolments', () => {
  it('are deleted once they expire, not before', async () => {
    const { serialNumber } = await createFirst(api, 'alice');

    api.stack.clock.advance(hour - 60);
    await run();
    const before = exists(serialNumber);
    api.stack.clock.advance(120);
    await run();

    expect(before).toBe(true);
    expect(exists(serialNumber)).toBe(false);
    expect((await api.fetch('alice', 'GET', '/v1/me/mfa-devices/phone')).status).toBe(404);
  });

  it('are only those that were never enabled', async () => {
    const first = await enrolFirst(api, 'alice');
    const further = await createFurther(api, stepUp(api, 'alice'), 'tablet');
    api.stack.clock.advance(2 * hour);

    await run();

    expect([first, further].map(({ serialNumber }) => exists(serialNumber))).toEqual([true, false]);
    expect(api.activeDevices('alice')).toEqual([first.serialNumber]);
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('survive if enabled after expiry but before the run', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.clock.advance(2 * hour);
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);

    await run();

    expect(api.activeDevices('alice')).toEqual([device.serialNumber]);
  });

  it('are found among more devices than fit on a page', async () => {
    for (let number = 0; number < 1100; number += 1) plant(`elsewhere/${number}`, {});
    const { serialNumber } = await createFirst(api, 'alice');
    api.stack.clock.advance(2 * hour);

    const [, summary] = await runLogged();

    expect(exists(serialNumber)).toBe(false);
    expect(summary).toMatchObject({ pending: 1, deleted: 1, UpstreamCalls: 11 });
    expect(api.called().filter((operation) => operation === 'ListVirtualMFADevices')).toHaveLength(3);
  });

  it('of one user are gone after one run, under one lease', async () => {
    const serialNumbers = Array.from(
      { length: 12 },
      (_, number) => plant(`self-service/alice/phone-${number}`, productTags(userId('alice'))).serialNumber,
    );

    const summary = (await runLogged()).at(-1);

    expect(serialNumbers.filter(exists)).toEqual([]);
    expect(summary).toMatchObject({ pending: 12, deleted: 12, left: 0 });
    const [assumeRole, lists, bobsPhonesTags, lease] = [1, 2, 1, 2];
    expect(summary).toMatchObject({ UpstreamCalls: assumeRole + lists + bobsPhonesTags + lease + 3 * 12 });
  });

  it('are no longer noted as pending in the item of their owner', async () => {
    const { serialNumber } = await createFirst(api, 'alice');
    const at = api.stack.clock.now();
    await underLease(api, 'alice', (lease) =>
      lease.write({ creations: [{ serialNumber, at, pending: true }] }),
    );
    api.stack.clock.advance(2 * hour);

    await run();

    const creations = await underLease(api, 'alice', async (lease) => lease.creations);
    expect(creations).toMatchObject([{ serialNumber, pending: false }]);
  });
});

describe('an active device whose expiry is left over', () => {
  const iamOf = (credentials: SigningKeys) =>
    new IAMClient({ endpoint: api.stack.awsUrl, region: 'us-east-1', credentials });
  const deactivateAtIam = (SerialNumber: string) =>
    iamOf(userKeys('admin')).send(new DeactivateMFADeviceCommand({ UserName: 'alice', SerialNumber }));
  const tagKeys = (serialNumber: string) =>
    api.stack.account.devices.get(serialNumber).tags.map(({ Key }) => Key);

  it('since untagging failed loses it, so deactivation at IAM does not delete it', async () => {
    const device = await createFirst(api, 'alice');
    api.stack.faults.put({ operation: 'UntagMFADevice', error: 'ServiceFailure', times: 100 });
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    api.stack.faults.clear();
    const left = tagKeys(device.serialNumber);
    const [change, summary] = await runLogged();
    await deactivateAtIam(device.serialNumber);
    api.stack.clock.advance(2 * hour);

    await run();
    await run();

    expect(left).toContain('mfa-self-service:expires-at');
    expect(exists(device.serialNumber)).toBe(true);
    expect(tagKeys(device.serialNumber)).toEqual(['mfa-self-service:owner']);
    expect(change).toMatchObject({
      ...{ audit: true, action: 'end-expiry', result: 'done', changes: ['UntagMFADevice'] },
      ...{ serialNumber: device.serialNumber, ownerId: userId('alice') },
    });
    expect(summary).toMatchObject({ kept: 1, deleted: 0 });
  });

  it('since it was enabled at IAM loses it, so deactivation there does not delete it', async () => {
    const { serialNumber, seed } = await createFirst(api, 'alice');
    const { code1, code2 } = codesNow(api, seed);
    await iamOf(userKeys('admin')).send(
      new EnableMFADeviceCommand({
        UserName: 'alice',
        SerialNumber: serialNumber,
        AuthenticationCode1: code1,
        AuthenticationCode2: code2,
      }),
    );
    await run();
    await deactivateAtIam(serialNumber);
    api.stack.clock.advance(2 * hour);

    await run();

    expect(exists(serialNumber)).toBe(true);
  });

  it('cannot be stripped of another tag with the role of the run', async () => {
    const { serialNumber } = await createFirst(api, 'alice');
    const credentials = sessionNamed(api, 'mfa-self-service-local-maintenance', 'expired-enrolments');
    const iam = iamOf(credentials);
    const untag = (...TagKeys: string[]) =>
      iam.send(new UntagMFADeviceCommand({ SerialNumber: serialNumber, TagKeys }));
    const [owner, expiresAt] = ['mfa-self-service:owner', 'mfa-self-service:expires-at'];

    await expect(untag(owner)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(untag(expiresAt, owner)).rejects.toMatchObject({ name: 'AccessDenied' });
    await untag(expiresAt);

    expect(tagKeys(serialNumber)).toEqual([owner]);
  });
});

describe('nothing else is deleted', () => {
  const owner = 'AIDAALICE00000000001';
  it.each([
    ['outside the product’s path', 'alice/phone', productTags(owner)],
    ['in a path with the same prefix', 'self-service-2/alice/phone', productTags(owner)],
    ['that contains the path', 'team/self-service/alice/phone', productTags(owner)],
    ['directly in the path', 'self-service/phone', productTags(owner)],
    ['deeper in the path', 'self-service/alice/more/phone', productTags(owner)],
    ['without tags', 'self-service/alice/phone', {}],
    ['without an owner', 'self-service/alice/phone', { 'mfa-self-service:expires-at': past }],
    ['of no user', 'self-service/alice/phone', productTags('somebody')],
    ['without an expiry', 'self-service/alice/phone', { 'mfa-self-service:owner': owner }],
    ['with an expiry that is not a time', 'self-service/alice/phone', productTags(owner, 'soon')],
    ['with an empty expiry', 'self-service/alice/phone', productTags(owner, '')],
    ['with a number as expiry', 'self-service/alice/phone', productTags(owner, '0')],
    ['with a date as expiry', 'self-service/alice/phone', productTags(owner, '2020-01-01')],
    [
      'with a local time as expiry',
      'self-service/alice/phone',
      productTags(owner, '2020-01-01T00:00:00.000'),
    ],
    [
      'with a day that does not exist',
      'self-service/alice/phone',
      productTags(owner, '2020-02-30T00:00:00.000Z'),
    ],
    ['that expires later', 'self-service/alice/phone', productTags(owner, '2999-01-01T00:00:00.000Z')],
  ])('of a device %s', async (_, path, tags) => {
    const { serialNumber } = plant(path, tags);

    expect((await run()).status).toBe(200);

    expect(exists(serialNumber)).toBe(true);
  });

  it('although a device just like the product’s own is', async () => {
    const { serialNumber } = plant('self-service/alice/phone', productTags(owner));
    await run();
    expect(exists(serialNumber)).toBe(false);
  });

  it('of a user’s active device, whatever its tags say', async () => {
    const device = plant('self-service/alice/phone', productTags(owner));
    const { devices, users } = api.stack.account;
    devices.establish(device, users.get('alice'), api.stack.clock.now());
    await run();
    expect(api.activeDevices('alice')).toEqual([device.serialNumber]);
  });
});

describe('the record of a run', () => {
  it('is an audit line per deletion and one metrics line for the run', async () => {
    const { serialNumber } = await createFirst(api, 'alice');
    await createFirst(api, 'carol');
    const ownerId = userId('alice');
    await enableFirst(api, 'carol', await createFirst(api, 'carol'));
    api.stack.clock.advance(2 * hour);

    const [change, summary, ...others] = await runLogged();

    expect(others).toEqual([]);
    expect(change).toEqual({
      level: 'INFO',
      message: 'change',
      audit: true,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      action: 'delete-expired-enrolment',
      result: 'done',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      serialNumber,
      ownerId,
      changes: ['DeleteVirtualMFADevice'],
    });
    expect(summary).toMatchObject({
      requestId: change?.['requestId'],
      ...{ operation: 'delete-expired-devices', pending: 1, deleted: 1, kept: 0, failed: 0, left: 0 },
      ...{ Stage: 'local', Operation: 'delete-expired-devices', Requests: 1, EnrolmentsExpired: 1 },
    });
  });

  it('in the trail names the run and only its own role', async () => {
    await createFirst(api, 'alice');
    api.stack.account.trail.clear();
    api.stack.clock.advance(2 * hour);

    await run();

    const calls = api.stack.account.trail.events().filter(({ service }) => service === 'iam');
    expect(calls.map(({ operation }) => operation)).toEqual([
      'ListVirtualMFADevices',
      'ListMFADeviceTags',
      'ListVirtualMFADevices',
      'ListMFADeviceTags',
      'ListMFADeviceTags',
      'DeleteVirtualMFADevice',
    ]);
    for (const { principalArn, sourceIdentity } of calls) {
      expect(principalArn).toBe(
        `arn:aws:sts::${deployment.accountId}:assumed-role/mfa-self-service-local-maintenance/expired-enrolments`,
      );
      expect(sourceIdentity).toBe('expired-enrolments');
    }
  });
});

describe('when AWS fails', () => {
  const fault = (operation: string, error: string, times = 1) =>
    api.stack.faults.put({ operation, error, times });

  async function expired() {
    const { serialNumber } = await createFirst(api, 'alice');
    api.stack.clock.advance(2 * hour);
    api.stack.account.trail.clear();
    return serialNumber;
  }
  const deletions = () => api.called().filter((operation) => operation === 'DeleteVirtualMFADevice').length;

  it('throttled calls are retried', async () => {
    const serialNumber = await expired();
    fault('ListMFADeviceTags', 'Throttling');
    fault('DeleteVirtualMFADevice', 'Throttling');
    await run();
    expect(exists(serialNumber)).toBe(false);
  });

  it('the run ends when AWS keeps throttling, and the next one finishes the work', async () => {
    const serialNumber = await expired();
    fault('ListMFADeviceTags', 'Throttling', 100);
    const [summary] = await runLogged();
    expect(summary).toMatchObject({ pending: 1, deleted: 0, failed: 0 });
    api.stack.faults.clear();
    await run();
    expect(exists(serialNumber)).toBe(false);
  });

  it.each(['ServiceFailure', 'connection-reset'])('with %s, a deletion is not sent twice', async (error) => {
    const serialNumber = await expired();
    fault('DeleteVirtualMFADevice', error);

    const [failure, summary] = await runLogged();

    expect(deletions()).toBeLessThanOrEqual(1);
    expect(failure).toMatchObject({ level: 'ERROR', serialNumber, code: 'upstream-failed' });
    expect(summary).toMatchObject({ deleted: 0, failed: 1, Problems: 1 });
    await run();
    expect(exists(serialNumber)).toBe(false);
  });

  it('nothing is deleted without the lease', async () => {
    const serialNumber = await expired();
    fault('UpdateItem', 'InternalServerError', 100);
    await run();
    expect(exists(serialNumber)).toBe(true);
    expect(deletions()).toBe(0);
  });

  it('at listing the devices, the run is reported as failed', async () => {
    fault('ListVirtualMFADevices', 'AccessDenied', 10);
    const answer = await run();
    expect(answer).toMatchObject({ status: 502 });
  });
});

describe('the control', () => {
  it.each([
    { function: 'get-me' },
    { function: 'other' },
    {},
    { function: 'delete-expired-devices', more: 1 },
  ])('runs no other function: %j', async (body) => {
    expect((await control('/_local/run', body)).status).toBe(400);
  });
});
