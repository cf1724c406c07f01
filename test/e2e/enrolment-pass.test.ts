import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { productTags } from '../../shared/devices/tags.ts';
import { type Api, useApi, type Who } from '../support/e2e.ts';
import {
  codesNow,
  createFirst,
  createFurther,
  type Enrolled,
  enableFurther,
  enrolFirst,
  nextCodeWindow,
  stepUp,
  tokenSeed,
} from '../support/e2e-flows.ts';
import type { Answer } from '../support/http.ts';
import { hindrances, holdArn, issuePass, recover, recoveryId } from '../support/recovered.ts';
import { userKeys } from '../support/stack.ts';
import { underLease } from '../support/under-lease.ts';

const wrongPass = 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa';
const anHour = 3600;

const create = (api: Api, who: Who, pass?: string, name = 'phone') =>
  api.fetch(who, 'POST', '/v1/me/first-mfa-device', { name, ...(pass !== undefined && { pass }) });

const activate = (api: Api, who: Who, { name, seed }: Omit<Enrolled, 'serialNumber'>, pass?: string) =>
  api.fetch(who, 'PUT', `/v1/me/first-mfa-device/${name}/activation`, {
    ...codesNow(api, seed),
    ...(pass !== undefined && { pass }),
  });

function created(answer: Answer): Enrolled {
  expect(answer.status, answer.text).toBe(201);
  const { name, serialNumber, base32Seed } = answer.json();
  return { name, serialNumber, seed: base32Seed };
}

const refused = (answer: Answer, code: string) => expect(answer.json()).toMatchObject({ status: 403, code });
/** The audit log so far. */
const audited = (api: Api): readonly object[] =>
  api.stack
    .logText()
    .split('\n')
    .flatMap((line) => (line.includes('"audit":true') ? [JSON.parse(line)] : []));

const timesCalled = (api: Api, operation: string) =>
  api.called().filter((called) => called === operation).length;

describe('under a recovery guard', () => {
  const api = useApi();

  it('nothing is enrolled without a pass, and the answer says where to get one', async () => {
    const pending = await createFirst(api, 'alice');
    await recover(api, 'alice');
    const before = api.devices();

    const answers = [await create(api, 'alice'), await activate(api, 'alice', pending)];

    for (const answer of answers) {
      refused(answer, 'enrolment-pass-required');
      expect(answer.json().detail).toMatch(/approver.+help desk/);
    }
    expect(api.devices()).toBe(before);
  });

  it('a pass enrols a device, and the guard is lifted', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');

    const device = created(await create(api, 'alice', pass));
    const answer = await activate(api, 'alice', device, pass);

    expect(answer.json()).toMatchObject({ status: 'active' });
    expect(await hindrances(api, 'alice')).toEqual({ guard: undefined, pass: undefined, held: false });
    const further = await createFurther(api, stepUp(api, 'alice'), 'tablet');
    expect((await enableFurther(api, stepUp(api, 'alice'), further)).status).toBe(200);
  });

  it('the audit log names the recovery for each change and refusal', async () => {
    await recover(api, 'alice');
    await create(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    await activate(api, 'alice', device, wrongPass);
    await activate(api, 'alice', device, pass);

    const lines = audited(api).slice(-4);

    expect(lines).toMatchObject([
      { action: 'start-enrolment', result: 'refused', code: 'enrolment-pass-required' },
      { action: 'start-enrolment', result: 'done' },
      { action: 'finish-enrolment', result: 'refused', code: 'enrolment-pass-invalid' },
      { action: 'finish-enrolment', result: 'done', changes: expect.arrayContaining(['DetachUserPolicy']) },
    ]);
    for (const line of lines) expect(line).toMatchObject({ recovery: { id: recoveryId } });
  });

  it('mistyped codes leave the pass valid', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));

    const mistyped = await activate(api, 'alice', { ...device, seed: 'GEZDGNBVGY3TQOJQ' }, pass);

    expect(mistyped.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    expect((await hindrances(api, 'alice')).held).toBe(true);
    expect((await activate(api, 'alice', device, pass)).status).toBe(200);
  });

  it('an activation whose answer was lost can be repeated', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    expect((await activate(api, 'alice', device, pass)).status).toBe(200);

    expect((await activate(api, 'alice', device, pass)).status).toBe(200);
  });

  it('a guard that could not be lifted is lifted by a repeat, even after the pass has expired', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    api.stack.faults.put({ operation: 'DetachUserPolicy', error: 'ServiceFailure', times: 10 });

    const failed = await activate(api, 'alice', device, pass);

    expect(failed.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
    expect(failed.json().detail).toContain('Repeat this call');
    expect(api.activeDevices('alice')).toEqual([device.serialNumber]);
    expect(await hindrances(api, 'alice')).toMatchObject({ guard: { recoveryId }, held: true });
    api.stack.faults.clear();
    api.stack.clock.advance(anHour);
    expect((await activate(api, 'alice', device)).status).toBe(200);
    expect(await hindrances(api, 'alice')).toEqual({ guard: undefined, pass: undefined, held: false });
  });

  it('a hold that has already been removed does not get in the way', async () => {
    await recover(api, 'alice');
    const user = api.stack.account.users.get('alice');
    user.attachedPolicies = user.attachedPolicies.filter((arn) => arn !== holdArn);
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));

    expect((await activate(api, 'alice', device, pass)).status).toBe(200);
    expect((await hindrances(api, 'alice')).guard).toBeUndefined();
  });

  it('a malformed pass is invalid input and is not echoed', async () => {
    await recover(api, 'alice');
    const pass = (await issuePass(api, 'alice')).toUpperCase();
    const answers = [
      await create(api, 'alice', pass),
      await activate(api, 'alice', { name: 'phone', seed: 'GEZDGNBVGY3TQOJQ' }, pass),
    ];
    for (const answer of answers) {
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: '/body/pass' }] });
      expect(answer.text).not.toContain(pass);
    }
    expect((await hindrances(api, 'alice')).pass?.wrong).toBe(0);
  });
});

describe('a pass', () => {
  const api = useApi();

  it('is refused in the same words, whatever is wrong with it', async () => {
    await recover(api, 'alice');
    await recover(api, 'carol');
    const none = await create(api, 'alice', wrongPass);
    const ofCarol = await issuePass(api, 'carol');
    const former = await issuePass(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const answers = [none, await create(api, 'alice', wrongPass)];
    answers.push(await create(api, 'alice', ofCarol), await create(api, 'alice', former));
    for (let guess = 0; guess < 2; guess++) await create(api, 'alice', wrongPass);
    answers.push(await create(api, 'alice', pass));
    const expired = await issuePass(api, 'alice');
    api.stack.clock.advance(anHour);
    answers.push(await create(api, 'alice', expired));
    const ofAnother = await issuePass(api, 'alice', '7'.repeat(26));
    answers.push(await create(api, 'alice', ofAnother));

    for (const answer of answers) refused(answer, 'enrolment-pass-invalid');
    expect(new Set(answers.map((answer) => answer.json().detail)).size).toBe(1);
    expect(timesCalled(api, 'CreateVirtualMFADevice')).toBe(0);
  });

  it('is checked even where none is needed', async () => {
    refused(await create(api, 'alice', wrongPass), 'enrolment-pass-invalid');
    const device = await createFirst(api, 'alice');
    refused(await activate(api, 'alice', device, wrongPass), 'enrolment-pass-invalid');
    expect(api.activeDevices('alice')).toEqual([]);
  });

  it('works once', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    expect((await activate(api, 'alice', device, pass)).status).toBe(200);
    refused(await create(api, 'alice', pass, 'second'), 'first-device-only');

    await recover(api, 'alice');

    refused(await create(api, 'alice', pass, 'second'), 'enrolment-pass-invalid');
  });

  it('can expire between creation and activation, and the guard stays', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    api.stack.clock.advance(anHour);

    refused(await activate(api, 'alice', device, pass), 'enrolment-pass-invalid');

    api.stack.clock.advance(400 * 86_400);
    refused(await create(api, 'alice'), 'enrolment-pass-required');
  });

  it.each(['creation', 'activation'])('is void after five wrong guesses at %s', async (step) => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    const attempt = (sent: string) =>
      step === 'creation' ? create(api, 'alice', sent) : activate(api, 'alice', device, sent);

    for (let guess = 0; guess < 5; guess++) refused(await attempt(wrongPass), 'enrolment-pass-invalid');

    refused(await attempt(pass), 'enrolment-pass-invalid');
    expect(api.activeDevices('alice')).toEqual([]);
    expect((await hindrances(api, 'alice')).held).toBe(true);
  });

  it('is void after five parallel wrong guesses: each counts before it is answered', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    let told = 0;
    while (told < 5) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => create(api, 'alice', wrongPass)));
      told += answers.filter((answer) => answer.json().code === 'enrolment-pass-invalid').length;
      expect((await hindrances(api, 'alice')).pass?.wrong).toBe(Math.min(told, 5));
    }
    refused(await create(api, 'alice', pass), 'enrolment-pass-invalid');
  });

  it('is not checked while guesses cannot be counted', async () => {
    await recover(api, 'alice');
    await issuePass(api, 'alice');
    api.stack.faults.put({ operation: 'UpdateItem', error: 'InternalServerError', times: 50 });
    const answer = await create(api, 'alice', wrongPass);
    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
  });

  it('enables no device created before it was issued, as a thief may know the seed', async () => {
    const ofThief = await createFirst(api, 'alice', 'thief');
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');

    refused(await activate(api, 'alice', ofThief, pass), 'enrolment-pass-invalid');
    const own = created(await create(api, 'alice', pass));
    refused(await activate(api, 'alice', ofThief, pass), 'enrolment-pass-invalid');

    expect((await hindrances(api, 'alice')).pass?.wrong).toBe(0);
    expect((await activate(api, 'alice', own, pass)).status).toBe(200);
    expect(api.activeDevices('alice')).toEqual([own.serialNumber]);
  });

  it('enables only the last device created with it', async () => {
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const first = created(await create(api, 'alice', pass, 'first'));
    const second = created(await create(api, 'alice', pass, 'second'));

    refused(await activate(api, 'alice', first, pass), 'enrolment-pass-invalid');
    expect((await activate(api, 'alice', second, pass)).status).toBe(200);
  });

  it('invalidates the seed of a pending device of the same name', async () => {
    const ofThief = await createFirst(api, 'alice');
    await recover(api, 'alice');
    const pass = await issuePass(api, 'alice');
    const own = created(await create(api, 'alice', pass));
    expect(own.serialNumber).toBe(ofThief.serialNumber);

    const stolen = await activate(api, 'alice', ofThief, pass);

    expect(stolen.json()).toMatchObject({ status: 422 });
    expect((await activate(api, 'alice', own, pass)).status).toBe(200);
  });
});

describe('a thief with an MFA session from before the recovery', () => {
  const api = useApi();

  /** What Alice's thief has: a session from her former device, and a pending device whose seed they know. */
  async function thief() {
    await enrolFirst(api, 'alice', 'former');
    const session = stepUp(api, 'alice');
    const pending = await createFurther(api, session, 'thief');
    await recover(api, 'alice');
    return { session, pending };
  }

  it('enables no further device, nor one that replaces another', async () => {
    const { session, pending } = await thief();
    const path = `/v1/mfa-devices/${pending.name}/activation`;
    const codes = codesNow(api, pending.seed);
    const hardware = codesNow(api, tokenSeed);

    refused(await api.fetch(session, 'PUT', path, codes), 'enrolment-pass-required');
    refused(
      await api.fetch(session, 'PUT', path, { ...codes, replaces: 'former' }),
      'enrolment-pass-required',
    );
    refused(
      await api.fetch(session, 'PUT', '/v1/hardware-mfa-devices/GAHT00000001/activation', hardware),
      'enrolment-pass-required',
    );
    expect(api.activeDevices('alice')).toEqual([]);
  });

  it('gets nowhere in IAM directly, with the session or the keys', async () => {
    const { session, pending } = await thief();
    const user = api.stack.account.users.get('alice');
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const document = JSON.stringify({ Version: '2012-10-17', Statement });
    user.inlinePolicies = [{ name: 'administrator', document }];
    for (const keys of [session, userKeys('alice')]) {
      const iam = new IAMClient({
        endpoint: api.stack.awsUrl,
        region: 'us-east-1',
        credentials: {
          accessKeyId: keys.accessKeyId,
          secretAccessKey: keys.secretAccessKey,
          ...(keys.sessionToken && { sessionToken: keys.sessionToken }),
        },
      });
      const { code1, code2 } = codesNow(api, pending.seed);
      const enabling = iam.send(
        new EnableMFADeviceCommand({
          UserName: 'alice',
          SerialNumber: pending.serialNumber,
          AuthenticationCode1: code1,
          AuthenticationCode2: code2,
        }),
      );
      await expect(enabling).rejects.toMatchObject({ name: 'AccessDenied' });
      const creating = iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'other' }));
      await expect(creating).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('cannot replace the device created with the pass, nor create another', async () => {
    const { session } = await thief();
    const pass = await issuePass(api, 'alice');
    const own = created(await create(api, 'alice', pass));
    const before = api.devices();

    for (const name of [own.name, 'other']) {
      for (const path of ['/v1/mfa-devices', '/v1/me/first-mfa-device']) {
        refused(await api.fetch(session, 'POST', path, { name }), 'enrolment-pass-required');
      }
    }

    expect(api.devices()).toBe(before);
    expect((await activate(api, 'alice', own, pass)).status).toBe(200);
  });

  it('gets no use of the pass for a device that takes the place of the one created with it', async () => {
    await thief();
    const pass = await issuePass(api, 'alice');
    const own = created(await create(api, 'alice', pass));
    api.stack.faults.put({ operation: 'CreateVirtualMFADevice', error: 'Throttling', times: 10 });
    const halfWay = await create(api, 'alice', pass);
    api.stack.faults.clear();
    expect(halfWay.json()).toMatchObject({ status: 429, code: 'throttled' });
    expect(halfWay.json().detail).toMatch(/has already been deleted.*Repeat this call/);
    const { devices, users } = api.stack.account;
    const tags = [{ Key: productTags.owner, Value: users.get('alice').userId }];
    const { seed } = devices.createVirtual(own.serialNumber, tags);
    api.secrets.note('seed', seed);

    refused(await activate(api, 'alice', { ...own, seed }, pass), 'enrolment-pass-invalid');

    const again = created(await create(api, 'alice', pass));
    expect((await activate(api, 'alice', again, pass)).status).toBe(200);
  });
});

describe('where every first device needs a pass', () => {
  const api = useApi(async () => ({ parameters: { FirstDevice: 'pass' } }));

  it('enrolment without a pass is refused', async () => {
    refused(await create(api, 'alice'), 'enrolment-pass-required');
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    refused(await activate(api, 'alice', device), 'enrolment-pass-required');
    expect(timesCalled(api, 'EnableMFADevice')).toBe(0);
  });

  it('a pass enrols one device, with nothing to detach', async () => {
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    expect((await activate(api, 'alice', device, pass)).status).toBe(200);

    expect(timesCalled(api, 'DetachUserPolicy')).toBe(0);
    expect((await hindrances(api, 'alice')).pass).toBeUndefined();
    nextCodeWindow(api);
    const further = await createFurther(api, stepUp(api, 'alice'), 'tablet');
    expect((await enableFurther(api, stepUp(api, 'alice'), further)).status).toBe(200);
  });

  it('repeating the activation of the only active device needs no pass', async () => {
    const { devices, users, clock } = api.stack.account;
    const pass = await issuePass(api, 'alice');
    const device = created(await create(api, 'alice', pass));
    const { code1, code2 } = codesNow(api, device.seed);
    devices.enable(users.get('alice'), device.serialNumber, [code1, code2], clock.now());
    await underLease(api, 'alice', (lease) => lease.putPass(undefined));

    expect((await activate(api, 'alice', device)).status).toBe(200);
  });
});
