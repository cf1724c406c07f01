import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { bobsPhone, createFirst, enableFirst, foreignId } from '../support/e2e-flows.ts';
import {
  askForRecovery,
  bobsLoss,
  decide,
  executed,
  helpDesk,
  objectTo,
  requested,
  stateOf,
} from '../support/recovery-flows.ts';
import { staffSession } from '../support/staff.ts';

const api = useApi();
const daySeconds = 86_400;
let desk: Awaited<ReturnType<typeof helpDesk>>;

beforeEach(async () => {
  desk = await helpDesk(api);
});

describe('a recovery', () => {
  it('is requested by an agent, read, approved by someone else and executed', async () => {
    const evidence = 'Called back at the number in the directory.';
    const asked = await askForRecovery(api, desk.ann, bobsLoss('INC1', { evidence }));
    expect(asked.status, asked.text).toBe(201);
    const recovery = asked.json();
    expect(recovery).toMatchObject({
      state: 'requested',
      ticket: { system: 'servicenow', id: 'INC1' },
      userName: 'bob',
      reason: 'lost',
      requestedBy: 'ann',
      approvals: [],
      approvalsNeeded: 1,
      evidence,
      devices: [{ id: 'phone', kind: 'virtual', serialNumber: bobsPhone }],
    });
    expect(Date.parse(recovery.expiresAt) - Date.parse(recovery.requestedAt)).toBe(7 * daySeconds * 1000);

    const listed = await api.fetch(desk.pat, 'GET', '/v1/recoveries');
    expect(listed.json()).toEqual({ items: [recovery] });
    expect((await api.fetch(desk.abe, 'GET', `/v1/recoveries/${recovery.id}`)).json()).toEqual(recovery);

    const approved = await decide(api, desk.pat, recovery.id, 'approval');
    expect(approved.json()).toMatchObject({ state: 'approved', approvals: [{ by: 'pat' }] });
    await expect.poll(() => stateOf(api, desk.pat, recovery.id)).toBe('executed');
    expect(api.activeDevices('bob')).toEqual([]);
  });

  it('is returned for the same request again, but not for another with the same ticket', async () => {
    const id = await requested(api, desk.ann);

    const again = await askForRecovery(api, desk.ann);
    const other = await askForRecovery(api, desk.ann, bobsLoss(undefined, { reason: 'stolen' }));

    expect(again.status).toBe(200);
    expect(again.json().id).toBe(id);
    expect(other.json()).toMatchObject({ status: 409, code: 'recovery-exists' });
  });

  it.each([
    ['an unknown user', { userName: 'nobody' }, 404, 'user-not-found'],
    ['a user without devices', { userName: 'alice' }, 409, 'no-active-device'],
    ['a device the user does not have', { deviceIds: ['tablet'] }, 404, 'device-not-found'],
    [
      'another user’s device',
      { deviceIds: [foreignId('arn:aws:iam::123456789012:u2f/user/dora/key-LOCALDORA0001')] },
      404,
      'device-not-found',
    ],
    ['a device that shows wrong codes', { reason: 'out_of_sync' }, 409, 'resync-instead'],
    ['an unknown reason', { reason: 'bored' }, 400, 'validation-failed'],
    ['a device twice', { deviceIds: ['phone', 'phone'] }, 400, 'validation-failed'],
  ])('is refused for %s', async (_what, changes, status, code) => {
    const answer = await askForRecovery(api, desk.ann, bobsLoss('INC1', changes));

    expect(answer.json()).toMatchObject({ status, code });
    expect((await api.fetch(desk.ann, 'GET', '/v1/recoveries')).json().items).toEqual([]);
  });

  it('ends with a denial, which is final', async () => {
    const id = await requested(api, desk.ann);

    const denied = await decide(api, desk.pat, id, 'denial');
    const again = await decide(api, desk.pia, id, 'denial');
    const approved = await decide(api, desk.pia, id, 'approval');

    expect(denied.json()).toMatchObject({ state: 'denied', closedBy: 'pat' });
    expect(again.json()).toEqual(denied.json());
    expect(approved.json()).toMatchObject({ status: 409, code: 'recovery-closed' });
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('ends with a cancellation', async () => {
    const id = await requested(api, desk.ann);

    const cancelled = await decide(api, desk.pia, id, 'cancellation');

    expect(cancelled.json()).toMatchObject({ state: 'cancelled', closedBy: 'pia' });
    expect((await decide(api, desk.pat, id, 'approval')).json().code).toBe('recovery-closed');
  });

  it.each(['approval', 'denial', 'cancellation'] as const)('that does not exist gets no %s', async (what) => {
    const answer = await decide(api, desk.pat, 'a'.repeat(26), what);

    expect(answer.json()).toMatchObject({ status: 404, code: 'recovery-not-found' });
  });
});

describe('the subject', () => {
  it('alone sees their own recovery, without the evidence', async () => {
    const id = await requested(api, desk.ann, bobsLoss('INC1', { evidence: 'mother’s maiden name' }));

    const own = await api.fetch('bob', 'GET', '/v1/me/recoveries');
    const others = await api.fetch('alice', 'GET', '/v1/me/recoveries');

    expect(own.json().items).toMatchObject([{ id, requestedBy: 'ann', devices: [{ id: 'phone' }] }]);
    expect(own.text).not.toContain('evidence');
    expect(others.json()).toEqual({ items: [] });
  });

  it('can object, which requires one more approval', async () => {
    const id = await requested(api, desk.ann);

    const objected = await objectTo(api, 'bob', id);
    const again = await objectTo(api, 'bob', id);
    const first = await decide(api, desk.pat, id, 'approval');
    const second = await decide(api, desk.pia, id, 'approval');

    expect(objected.json()).toMatchObject({ state: 'objected', approvalsNeeded: 2 });
    expect(again.json()).toEqual(objected.json());
    expect(first.json()).toMatchObject({ state: 'objected', approvals: [{ by: 'pat' }] });
    expect(second.json()).toMatchObject({ state: 'approved', approvals: [{ by: 'pat' }, { by: 'pia' }] });
    await expect.poll(() => stateOf(api, desk.pat, id)).toBe('executed');
  });

  it('cannot object once it has been executed', async () => {
    const id = await executed(api);

    expect((await objectTo(api, 'bob', id)).json()).toMatchObject({ status: 409, code: 'recovery-closed' });
  });
});

describe('time', () => {
  it('expires a recovery immediately, even before the sweep', async () => {
    const id = await requested(api, desk.ann);

    api.stack.clock.advance(7 * daySeconds);
    const later = await helpDesk(api);

    expect(await stateOf(api, later.pat, id)).toBe('expired');
    expect((await api.fetch(later.pat, 'GET', '/v1/recoveries')).json()).toEqual({ items: [] });
    for (const what of ['approval', 'denial', 'cancellation'] as const) {
      expect((await decide(api, later.pat, id, what)).json()).toMatchObject({ code: 'recovery-closed' });
    }
    expect((await objectTo(api, 'bob', id)).json()).toMatchObject({ code: 'recovery-closed' });
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('does not expire it early', async () => {
    const id = await requested(api, desk.ann);

    api.stack.clock.advance(7 * daySeconds - 60);
    const pat = await staffSession(api.stack, 'pat');

    expect((await decide(api, pat, id, 'approval')).status).toBe(200);
    await expect.poll(() => stateOf(api, pat, id)).toBe('executed');
  });
});

describe('lists', () => {
  it('come in pages, latest first, one state at a time', async () => {
    const ids: string[] = [];
    for (const number of [1, 2, 3]) {
      ids.unshift(await requested(api, desk.ann, bobsLoss(`INC${number}`)));
      api.stack.clock.advance(1);
    }
    await decide(api, desk.pat, ids[1] ?? '', 'denial');

    const first = (await api.fetch(desk.pat, 'GET', '/v1/recoveries?limit=1')).json();
    const second = (await api.fetch(desk.pat, 'GET', `/v1/recoveries?limit=1&cursor=${first.next}`)).json();
    const denied = (await api.fetch(desk.pat, 'GET', '/v1/recoveries?state=denied')).json();
    const own = (await api.fetch('bob', 'GET', '/v1/me/recoveries?limit=2')).json();
    const rest = (await api.fetch('bob', 'GET', `/v1/me/recoveries?limit=2&cursor=${own.next}`)).json();

    const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
    expect([idsOf(first), idsOf(second)]).toEqual([[ids[0]], [ids[2]]]);
    expect(second.next).toBeUndefined();
    expect(idsOf(denied)).toEqual([ids[1]]);
    expect([...idsOf(own), ...idsOf(rest)]).toEqual(ids);
  });

  it('reject the cursor of another list or another reader', async () => {
    for (const number of [1, 2]) await requested(api, desk.ann, bobsLoss(`INC${number}`));
    const { next } = (await api.fetch(desk.pat, 'GET', '/v1/recoveries?limit=1')).json();

    const answers = await Promise.all([
      api.fetch(desk.pat, 'GET', `/v1/recoveries?state=denied&cursor=${next}`),
      api.fetch(desk.pia, 'GET', `/v1/recoveries?cursor=${next}`),
      api.fetch('bob', 'GET', `/v1/me/recoveries?cursor=${next}`),
    ]);

    for (const answer of answers) {
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: '/query/cursor' }] });
    }
  });
});

describe('an enrolment pass', () => {
  const passOf = (id: string, who: 'pat' | 'pia' = 'pat') =>
    api.fetch(desk[who], 'POST', `/v1/recoveries/${id}/enrolment-pass`);

  it('is issued once the recovery is executed, and enrols its user', async () => {
    const id = await executed(api);
    desk = await helpDesk(api);

    // The execution releases the lease shortly after it reports that it is done.
    await expect.poll(async () => (await passOf(id)).status).toBe(201);
    const answer = await passOf(id, 'pia');

    const { enrolmentPass, expiresAt } = answer.json();
    expect(Date.parse(expiresAt) - api.stack.clock.now()).toBeGreaterThan(3_500_000);
    const created = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', {
      name: 'new-phone',
      pass: enrolmentPass,
    });
    expect(created.status, created.text).toBe(201);
  });

  it('is not issued before that, nor for a user who kept a device', async () => {
    const waiting = await requested(api, desk.ann);
    expect((await passOf(waiting)).json()).toMatchObject({ status: 409, code: 'recovery-closed' });

    const phone = await createFirst(api, 'alice');
    expect((await enableFirst(api, 'alice', phone)).status).toBe(200);
    api.stack.clock.advance(60);
    const id = await executed(api, bobsLoss('INC2', { userName: 'alice' }));
    const { devices, users } = api.stack.account;
    const another = devices.createVirtual('arn:aws:iam::123456789012:mfa/other', [], phone.seed);
    devices.establish(another, users.get('alice'), api.stack.clock.now());

    await expect.poll(async () => (await passOf(id)).json().code).toBe('recovery-closed');
  });
});
