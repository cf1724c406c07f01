import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  bobsPhone,
  codesNow,
  createFurther,
  type Enrolled,
  enableFurther,
  stepUp,
} from '../support/e2e-flows.ts';
import { allowIam, iamAttempts } from '../support/iam-attempts.ts';
import { hindrances } from '../support/recovered.ts';
import {
  askForRecovery,
  bobsLoss,
  decide,
  helpDesk,
  requested,
  stateOf,
  sweep,
} from '../support/recovery-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys } from '../support/stack.ts';

// A thief has bob's access key, and a session with MFA from bob's phone.

const api = useApi();
const iam = iamAttempts(() => api.stack, 'bob');
let desk: Awaited<ReturnType<typeof helpDesk>>;
let thief: SigningKeys;

beforeEach(async () => {
  desk = await helpDesk(api);
  allowIam(api.stack, 'bob');
  thief = stepUp(api, 'bob');
});

const theft = (ticketId: string, changes: object = {}) =>
  bobsLoss(ticketId, { reason: 'stolen', ...changes });
const see = async (id: string) => (await api.fetch(desk.pat, 'GET', `/v1/recoveries/${id}`)).json();
const approve = (id: string) => decide(api, desk.pat, id, 'approval');

/** Approves a recovery and waits for its execution to stop. */
async function approved(id: string): Promise<void> {
  const answer = await approve(id);
  expect(answer.status, answer.text).toBe(200);
  await api.stack.settled();
}

async function aMinuteLater(): Promise<void> {
  api.stack.clock.advance(61);
  await sweep(api);
}

/** What the thief can still do, at the API and at IAM itself. */
async function thiefsMeans(): Promise<readonly unknown[]> {
  return [
    (await api.fetch(thief, 'GET', '/v1/me')).status,
    (await api.fetch(thief, 'POST', '/v1/mfa-devices', { name: 'evil' })).json().code,
    await iam.look(thief),
    await iam.create(thief, `evil-${Math.random().toString(36).slice(2)}`),
  ];
}
const none = [403, 'access-denied', 'AccessDenied', 'AccessDenied'];

const revocation = () =>
  api.stack.account.users.get('bob').inlinePolicies.find(({ name }) => name === 'mfa-self-service-revoke');

/** A further device of bob's. */
async function enrolFurther(name: string, keys = stepUp(api, 'bob')): Promise<Enrolled> {
  const device = await createFurther(api, keys, name);
  const enabled = await enableFurther(api, keys, device);
  expect(enabled.status, enabled.text).toBe(200);
  return device;
}

/** Enrols a new device with the pass of an executed recovery, by access key alone. */
async function enrolWithPass(id: string): Promise<Enrolled> {
  const { enrolmentPass: pass } = (
    await api.fetch(desk.pat, 'POST', `/v1/recoveries/${id}/enrolment-pass`)
  ).json();
  const created = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'new', pass });
  expect(created.status, created.text).toBe(201);
  const { serialNumber, base32Seed: seed } = created.json();
  const body = { ...codesNow(api, seed), pass };
  const enabled = await api.fetch('bob', 'PUT', '/v1/me/first-mfa-device/new/activation', body);
  expect(enabled.status, enabled.text).toBe(200);
  return { name: 'new', serialNumber, seed };
}

describe('a second recovery of the same user', { timeout: 60_000 }, () => {
  it('cannot be approved while that of the theft is under way, and changes nothing of it', async () => {
    const stolen = await requested(api, desk.ann, theft('INC1'));
    const lost = await requested(api, desk.abe, bobsLoss('INC2'));
    await approved(stolen);

    const second = await approve(lost);
    const third = await askForRecovery(api, desk.abe, bobsLoss('INC3'));

    expect(second.json()).toMatchObject({ status: 409, code: 'busy', retryAfter: 60 });
    expect(third.json()).toMatchObject({ status: 409, code: 'busy' });
    expect(await stateOf(api, desk.pat, lost)).toBe('requested');
    expect(await hindrances(api, 'bob')).toMatchObject({ guard: { recoveryId: stolen }, held: true });
    expect(await thiefsMeans()).toEqual(none);

    await aMinuteLater();
    expect(await stateOf(api, desk.pat, stolen)).toBe('executed');
    await approved(lost);
    expect(await stateOf(api, desk.pat, lost)).toBe('executed');
    await enrolWithPass(lost);
    expect(await hindrances(api, 'bob')).toEqual({ guard: undefined, pass: undefined, held: false });
    expect(await thiefsMeans()).toEqual(none);
  });

  it('does not lift the hold from a user who keeps a device before the sessions are revoked', async () => {
    await enrolFurther('tablet');
    thief = stepUp(api, 'bob');
    const only = { deviceIds: ['phone'] };
    const stolen = await requested(api, desk.ann, theft('INC1', only));
    const lost = await requested(api, desk.abe, bobsLoss('INC2', only));
    await approved(stolen);

    expect((await approve(lost)).json()).toMatchObject({ status: 409, code: 'busy' });
    expect(await hindrances(api, 'bob')).toMatchObject({ guard: { recoveryId: stolen }, held: true });
    expect(await thiefsMeans()).toEqual(none);

    await aMinuteLater();
    api.stack.clock.advance(1);
    expect(await hindrances(api, 'bob')).toMatchObject({ guard: undefined, held: false });
    expect(await thiefsMeans()).toEqual(none);
    expect((await api.fetch(stepUp(api, 'bob'), 'GET', '/v1/me')).status).toBe(200);
    expect(api.activeDevices('bob')).toEqual([expect.stringMatching(/tablet$/)]);
  });

  it('of which both are approved at once: one is', async () => {
    const ids = [await requested(api, desk.ann), await requested(api, desk.abe, theft('INC2'))];
    api.stack.faults.put({ operation: 'Invoke', error: 'ServiceException', times: 50 });

    const answers = await Promise.all(ids.map(approve));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is approved once the first one was denied', async () => {
    const [first, second] = [await requested(api, desk.ann), await requested(api, desk.abe, theft('INC2'))];
    api.stack.faults.put({ operation: 'Invoke', error: 'ServiceException', times: 50 });
    expect((await approve(first)).json()).toMatchObject({ state: 'approved' });
    expect((await approve(second)).json()).toMatchObject({ status: 409, code: 'busy' });

    expect((await decide(api, desk.pia, first, 'denial')).status).toBe(200);

    expect((await approve(second)).json()).toMatchObject({ state: 'approved' });
  });
});

describe('a thief who takes the lease over and over', () => {
  const takeLease = (times: number) =>
    api.stack.faults.put({ operation: 'UpdateItem', error: 'ConditionalCheckFailedException', times });

  it('keeps neither approval nor execution nor pass from their turn, and is refused at once themselves', async () => {
    const id = await requested(api, desk.ann);

    takeLease(4);
    expect((await approve(id)).json()).toMatchObject({ state: 'approved' });
    await api.stack.settled();
    expect(await stateOf(api, desk.pat, id)).toBe('executed');
    takeLease(4);
    const pass = await api.fetch(desk.pat, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
    takeLease(1);
    const refused = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'evil' });

    expect(pass.status, pass.text).toBe(201);
    expect(refused.json()).toMatchObject({ status: 409, code: 'busy' });
  });
});

describe('a device that the thief enables between request and approval', { timeout: 60_000 }, () => {
  it('vetoes nothing: it is taken, shown and mailed', async () => {
    const { account } = api.stack;
    account.users.get('bob').tags = [{ Key: 'email', Value: 'bob@example.com' }];
    const id = await requested(api, desk.ann, theft('INC1'));
    const evil = await enrolFurther('evil.one', thief);

    await approved(id);

    expect(await thiefsMeans()).toEqual(none);
    expect(api.activeDevices('bob')).toEqual([]);
    await aMinuteLater();
    await api.stack.settled();
    const view = await see(id);
    expect(view).toMatchObject({
      state: 'executed',
      devices: [{ serialNumber: bobsPhone }],
      removedDevices: [
        { serialNumber: bobsPhone, addedSinceRequest: false },
        { name: 'evil.one', serialNumber: evil.serialNumber, addedSinceRequest: true },
      ],
    });
    const own = (await api.fetch('bob', 'GET', '/v1/me/recoveries')).json();
    expect(own.items[0].removedDevices).toEqual(view.removedDevices);
    expect(account.devices.find(evil.serialNumber)).toBeUndefined();
    const { mails } = api.stack.services.recordedEvents();
    const mail = mails.find(({ subject }) => subject === 'Your MFA devices were removed');
    expect(mail?.text).toContain('Also removed, enabled after the request: evil[.]one');
    await enrolWithPass(id);
    expect(await thiefsMeans()).toEqual(none);
  });

  it('is taken although the request names only another one, which stays', async () => {
    await enrolFurther('tablet');
    const id = await requested(api, desk.ann, bobsLoss('INC1', { deviceIds: ['phone'] }));
    await enrolFurther('evil', thief);

    await approved(id);

    expect(await see(id)).toMatchObject({
      state: 'executed',
      removedDevices: [
        { name: 'phone', addedSinceRequest: false },
        { name: 'evil', addedSinceRequest: true },
      ],
    });
    expect(api.activeDevices('bob')).toEqual([expect.stringMatching(/tablet$/)]);
    expect(await hindrances(api, 'bob')).toMatchObject({ guard: undefined, held: false });
  });
});

describe('sessions of a thief', { timeout: 60_000 }, () => {
  it('do not outlive a clean-up that takes long: they are denied before it', async () => {
    const { account } = api.stack;
    const tags = [{ Key: 'mfa-self-service:owner', Value: account.users.get('bob').userId }];
    for (let number = 0; number < 50; number += 1)
      account.devices.createVirtual(`${accountArn}:mfa/self-service/bob/pending-${number}`, tags);
    const id = await requested(api, desk.ann, theft('INC1'));
    api.stack.faults.put({ operation: 'DeleteVirtualMFADevice', error: 'ServiceFailure', times: 1000 });

    await approved(id);

    expect(await stateOf(api, desk.pat, id)).toBe('executing');
    expect(revocation()).toBeDefined();
    expect(await thiefsMeans()).toEqual(none);
    api.stack.faults.clear();
    await aMinuteLater();
    expect(await stateOf(api, desk.pat, id)).toBe('executed');
  });

  it('do not live on when there is no room to revoke them, and the next recovery has to do it', async () => {
    const { account } = api.stack;
    const bob = account.users.get('bob');
    const roomy = bob.inlinePolicies;
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:*', Resource: ['*', `arn:aws:s3:::${'x'.repeat(1800)}`] },
    });
    bob.inlinePolicies = [{ name: 'full', document }];
    account.policiesChanged();
    const stolen = await requested(api, desk.ann, theft('INC1'));

    await approved(stolen);

    expect(await see(stolen)).toMatchObject({
      ...{ state: 'failed', failure: 'policy-quota' },
      removedDevices: [{ serialNumber: bobsPhone }],
    });
    expect(await hindrances(api, 'bob')).toMatchObject({
      guard: { recoveryId: stolen, mustRevoke: true },
      held: true,
    });
    expect(await thiefsMeans()).toEqual(none);
    expect(api.stack.logText()).toContain('"RecoveriesFailed":1');

    bob.inlinePolicies = roomy;
    account.policiesChanged();
    const lost = await requested(api, desk.abe, bobsLoss('INC2'));
    await approved(lost);
    expect(await stateOf(api, desk.pat, lost)).toBe('executing');
    await aMinuteLater();
    expect(await stateOf(api, desk.pat, lost)).toBe('executed');
    expect(revocation()).toBeDefined();
    await enrolWithPass(lost);
    expect(await hindrances(api, 'bob')).toMatchObject({ guard: undefined, held: false });
    expect(await thiefsMeans()).toEqual(none);
  });

  it('are dead under the hold, under which the bare key enrols with the pass, and a new session works', async () => {
    const id = await requested(api, desk.ann);
    await approved(id);
    expect(await thiefsMeans()).toEqual(none);
    expect(await iam.create(userKeys('bob'), 'bare')).toBe('AccessDenied');

    await enrolWithPass(id);

    expect((await api.fetch(stepUp(api, 'bob'), 'GET', '/v1/me')).status).toBe(200);
  });
});
