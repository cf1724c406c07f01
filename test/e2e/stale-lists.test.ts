import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import {
  bobsPhone,
  codesNow,
  createFirst,
  createFurther,
  type Enrolled,
  enableFirst,
  enableFurther,
  enrolFirst,
  stepUp,
} from '../support/e2e-flows.ts';
import { underLease } from '../support/under-lease.ts';

const api = useApi();
const activation = (id: string) => `/v1/mfa-devices/${id}/activation`;
const minute = 60_000;

/** From now on IAM's lists show changes a minute late. */
const listLate = () => {
  api.stack.account.devices.listed.lagMs = minute;
};

/** Gives bob a second active device, beside the phone. */
async function enrolTablet(): Promise<Enrolled> {
  const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
  expect((await enableFurther(api, stepUp(api, 'bob'), tablet)).status).toBe(200);
  api.stack.clock.advance(600);
  return tablet;
}

describe('while IAM lists changes late', () => {
  it('a device that was deactivated cannot replace the last one, whatever its codes', async () => {
    await enrolTablet();
    listLate();
    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'))).status).toBe(204);

    const replacing = { code1: '000000', code2: '000001', replaces: 'phone' };
    const answer = await api.fetch(stepUp(api, 'bob'), 'PUT', activation('tablet'), replacing);

    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('a device that was enabled just now can be deactivated', async () => {
    listLate();
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    expect((await enableFurther(api, stepUp(api, 'bob'), tablet)).status).toBe(200);

    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', activation('tablet'))).status).toBe(204);

    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('the former device is not removed before IAM lists the new one, and can be replaced meanwhile', async () => {
    listLate();
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    expect((await enableFurther(api, stepUp(api, 'bob'), tablet)).status).toBe(200);

    const early = await api.fetch(stepUp(api, 'bob'), 'DELETE', '/v1/mfa-devices/phone');
    expect(early.json()).toMatchObject({ status: 409, code: 'busy', retryAfter: 5 });
    api.stack.clock.advance(60);
    const late = await api.fetch(stepUp(api, 'bob'), 'DELETE', '/v1/mfa-devices/phone');

    expect(late.status, late.text).toBe(204);
    expect(api.activeDevices('bob')).toEqual([tablet.serialNumber]);
  });

  it('a second first device is not enabled', async () => {
    const [phone, other] = [await createFirst(api, 'alice'), await createFirst(api, 'alice', 'other')];
    listLate();
    expect((await enableFirst(api, 'alice', phone)).status).toBe(200);

    expect((await enableFirst(api, 'alice', other)).json()).toMatchObject({ status: 409, code: 'busy' });
    api.stack.clock.advance(60);
    expect((await enableFirst(api, 'alice', other)).json()).toMatchObject({ code: 'first-device-only' });

    expect(api.activeDevices('alice')).toEqual([phone.serialNumber]);
  });
});

describe('the lease is left to others', () => {
  it('by a first device that is active, and by one beside another', async () => {
    const phone = await enrolFirst(api, 'alice');
    const other = { name: 'other', seed: phone.seed };

    const [again, refused] = await underLease(api, 'alice', () =>
      Promise.all([enableFirst(api, 'alice', phone), enableFirst(api, 'alice', other)]),
    );

    expect(again.json()).toMatchObject({ id: 'phone', status: 'active' });
    expect(refused.json()).toMatchObject({ status: 403, code: 'first-device-only' });
  });
});

describe('under the guard of a recovery', () => {
  it('an old session removes and replaces nothing', async () => {
    await enrolTablet();
    const pending = await createFurther(api, stepUp(api, 'bob'), 'pending');
    await underLease(api, 'bob', (lease) => lease.putGuard({ recoveryId: 'a'.repeat(26), at: 0 }));
    const before = api.devices();
    const session = stepUp(api, 'bob');

    const answers = [
      await api.fetch(session, 'DELETE', activation('tablet')),
      await api.fetch(session, 'DELETE', '/v1/mfa-devices/tablet'),
      await api.fetch(session, 'DELETE', '/v1/mfa-devices/pending'),
      await api.fetch(session, 'PUT', activation('pending'), {
        ...codesNow(api, pending.seed),
        replaces: 'phone',
      }),
    ];

    for (const answer of answers)
      expect(answer.json()).toMatchObject({ status: 403, code: 'enrolment-pass-required' });
    expect(api.devices()).toBe(before);
  });
});
