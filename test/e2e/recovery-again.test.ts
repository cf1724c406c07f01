import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { codesNow } from '../support/e2e-flows.ts';
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

const api = useApi();

/** Renames a user as an administrator can: UserId, policies and keys stay. */
function rename(from: string, userName: string): void {
  const { account } = api.stack;
  const { users } = account;
  const renamed = users.list().map((user) => {
    return user.userName === from ? { ...user, userName, arn: users.arnOf(user.path, userName) } : user;
  });
  users.restore(renamed);
  account.policiesChanged();
}

/** A recovery that removed bob's devices and then failed because bob was renamed while it waited. */
async function failedHalfWay(): Promise<string> {
  const { ann, pat } = await helpDesk(api);
  const id = await requested(api, ann, bobsLoss('INC1', { reason: 'stolen' }));
  expect((await decide(api, pat, id, 'approval')).status).toBe(200);
  await api.stack.settled();
  rename('bob', 'robert');
  api.stack.clock.advance(61);
  await sweep(api);
  expect(await stateOf(api, pat, id)).toBe('failed');
  return id;
}

const robertsLoss = bobsLoss('INC2', { userName: 'robert' });

describe('a user whom a failed recovery left without devices', { timeout: 90_000 }, () => {
  it('gets a pass through another recovery and enrols', async () => {
    const failed = await failedHalfWay();
    const { ann, pat } = await helpDesk(api);
    const before = await hindrances(api, 'robert');
    const issue = (id: string) => api.fetch(pat, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
    const alone = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'new' });

    const id = await requested(api, ann, robertsLoss);
    expect((await decide(api, pat, id, 'approval')).status).toBe(200);
    await api.stack.settled();
    // The failed one could not revoke the sessions, so this one does, and waits for it.
    api.stack.clock.advance(61);
    await sweep(api);
    const after = await hindrances(api, 'robert');
    const issued = await issue(id);
    const pass = issued.json().enrolmentPass;
    const created = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'new', pass });
    const codes = codesNow(api, created.json().base32Seed);
    const path = '/v1/me/first-mfa-device/new/activation';
    const enabled = await api.fetch('bob', 'PUT', path, { ...codes, pass });

    expect(before).toMatchObject({ guard: { recoveryId: failed }, held: true });
    expect(alone.json()).toMatchObject({ status: 403, code: 'enrolment-pass-required' });
    expect(after).toMatchObject({ guard: { recoveryId: id }, held: true });
    expect((await issue(failed)).json()).toMatchObject({ status: 409, code: 'recovery-closed' });
    expect(created.status, created.text).toBe(201);
    expect(enabled.status, enabled.text).toBe(200);
    expect(api.activeDevices('robert')).toHaveLength(1);
    expect(await hindrances(api, 'robert')).toEqual({ guard: undefined, pass: undefined, held: false });
  });

  it('needs no recovery once enrolled, and neither does anyone else', async () => {
    await failedHalfWay();
    const { ann } = await helpDesk(api);

    const another = await askForRecovery(api, ann, bobsLoss('INC3', { userName: 'alice' }));

    expect(another.json()).toMatchObject({ status: 409, code: 'no-active-device' });
    expect((await askForRecovery(api, ann, robertsLoss)).json()).toMatchObject({
      state: 'requested',
      devices: [],
    });
  });
});
