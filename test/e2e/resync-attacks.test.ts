import { describe, expect, it } from 'vitest';
import { type Api, useApi, type Who } from '../support/e2e.ts';
import {
  askForSession,
  bobsPhone,
  bobsSeed,
  codesNow,
  createFurther,
  enableFurther,
  sessionIn,
  stepUp,
  tokenSeed,
} from '../support/e2e-flows.ts';
import { assertDocumentedEvent } from '../support/events.ts';
import { issuePass, recover } from '../support/recovered.ts';
import type { SigningKeys } from '../support/sign.ts';
import { consecutiveTotps, totpAt } from '../support/totp.ts';

/** The age of the codes that a thief has seen, in milliseconds. */
const age = 4 * 3_600_000;
const day = 86_400;

/** What whoever has bob's access key sends, with codes that his phone showed four hours ago. */
const resyncByKey = (api: Api, codes = consecutiveTotps(bobsSeed, api.stack.clock.now() - age)) =>
  api.fetch('bob', 'POST', '/v1/me/resyncs', { deviceId: 'phone', ...codes });

const staleCode = (api: Api) => totpAt(bobsSeed, api.stack.clock.now() - age);
const sessionBy = (api: Api, code: string) =>
  askForSession(api, 'bob', { serialNumber: bobsPhone, seed: bobsSeed }, code);

/** A thief's session with MFA, made of old codes. */
async function stolenSession(api: Api): Promise<SigningKeys> {
  expect((await resyncByKey(api)).status).toBe(200);
  api.stack.clock.advance(60);
  return sessionIn(await sessionBy(api, staleCode(api)));
}

describe('a thief of an access key who saw codes of the only device hours ago', () => {
  const api = useApi();

  it('can make a session of them, but change no device with it for a day', async () => {
    expect((await sessionBy(api, staleCode(api))).json()).toMatchObject({ status: 422 });
    const thief = await stolenSession(api);
    const before = api.devices();
    const codes = codesNow(api, tokenSeed);

    const answers = [
      await api.fetch(thief, 'POST', '/v1/mfa-devices', { name: 'mine' }),
      await api.fetch(thief, 'PUT', '/v1/hardware-mfa-devices/GAHT00000001/activation', codes),
      await api.fetch(thief, 'PUT', '/v1/mfa-devices/mine/activation', { ...codes, replaces: 'phone' }),
      await api.fetch(thief, 'DELETE', '/v1/mfa-devices/phone/activation'),
      await api.fetch(thief, 'DELETE', '/v1/mfa-devices/phone'),
    ];

    for (const answer of answers) {
      const { retryAfter, changesAllowedFrom, ...problem } = answer.json();
      expect(problem).toMatchObject({ status: 409, code: 'recently-resynchronised' });
      expect(Date.parse(changesAllowedFrom) - api.stack.clock.now()).toBeLessThanOrEqual(retryAfter * 1000);
      expect(retryAfter).toBeGreaterThan(day - 120);
      expect(retryAfter).toBeLessThanOrEqual(day - 60);
    }
    expect(api.devices()).toBe(before);
  });

  it('cannot enable a device that was created before either', async () => {
    const mine = await createFurther(api, stepUp(api, 'bob'), 'mine');
    const thief = await stolenSession(api);

    expect((await enableFurther(api, thief, mine)).json().code).toBe('recently-resynchronised');

    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('ends no cool-down by resynchronising with the session', async () => {
    const thief = await stolenSession(api);
    api.stack.clock.advance(60);
    const codes = consecutiveTotps(bobsSeed, api.stack.clock.now() - age);

    expect((await api.fetch(thief, 'POST', '/v1/mfa-devices/phone/resync', codes)).status).toBe(200);

    const answer = await api.fetch(thief, 'POST', '/v1/mfa-devices', { name: 'mine' });
    expect(answer.json().code).toBe('recently-resynchronised');
  });

  it('is noticed: the owner is mailed, and the operators get an event', async () => {
    await resyncByKey(api);
    await api.stack.settled();

    const { events, mails } = api.stack.services.recordedEvents();
    expect(events.map((event) => event['detail-type'])).toEqual([
      'MFA Device Resynchronised With Access Key',
    ]);
    for (const event of events) assertDocumentedEvent({ ...event });
    expect(mails).toMatchObject([
      {
        to: ['bob@example.com'],
        subject: 'Your MFA device phone was resynchronised without MFA',
        text: expect.stringContaining('If this was not you, someone else has your access key'),
      },
    ]);
  });

  it('who does not have the right codes changes and begins nothing', async () => {
    const { code1, code2 } = codesNow(api, bobsSeed);

    expect((await resyncByKey(api, { code1: code2, code2: code1 })).status).toBe(422);

    await createFurther(api, stepUp(api, 'bob'), 'tablet');
    await api.stack.settled();
    const { events } = api.stack.services.recordedEvents();
    expect(events.map((event) => event['detail-type'])).toEqual(['MFA Device Enrolment Started']);
  });
});

describe('the owner of a device resynchronised without MFA', () => {
  const api = useApi();
  const who = (): Who => stepUp(api, 'bob');

  it('is told when devices can be changed, and can label and tag them until then', async () => {
    const answer = await resyncByKey(api);

    const from = Date.parse(answer.json().changesAllowedFrom);
    expect(from - api.stack.clock.now()).toBeGreaterThan((day - 60) * 1000);
    expect((await api.fetch(who(), 'PATCH', '/v1/mfa-devices/phone', { label: 'x' })).status).toBe(200);
    const tags = { team: 'x' };
    expect((await api.fetch(who(), 'POST', '/v1/mfa-devices/phone/tags', { tags })).status).toBe(200);
    expect((await api.fetch(who(), 'POST', '/v1/mfa-devices', { name: 'tablet' })).status).toBe(409);

    api.stack.clock.advance(day);

    const tablet = await createFurther(api, who(), 'tablet');
    expect((await enableFurther(api, who(), tablet)).status).toBe(200);
    expect((await api.fetch(who(), 'DELETE', '/v1/mfa-devices/phone')).status).toBe(204);
  });

  it('enrols a new one of its name with a pass after a recovery, and is not held up', async () => {
    await resyncByKey(api);
    api.stack.clock.advance(120);
    await recover(api, 'bob');
    const pass = await issuePass(api, 'bob');

    const created = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'phone', pass });
    const seed = created.json().base32Seed;
    const body = { ...codesNow(api, seed), pass };
    const enabled = await api.fetch('bob', 'PUT', '/v1/me/first-mfa-device/phone/activation', body);

    expect(enabled.json()).toMatchObject({ serialNumber: bobsPhone, status: 'active' });
    await createFurther(api, who(), 'tablet');
  });
});

describe('with a cool-down of 0', () => {
  const api = useApi(async () => ({ parameters: { ResyncCoolDown: '0' } }));

  it('devices can be changed at once', async () => {
    const answer = await resyncByKey(api);

    expect(answer.json()).not.toHaveProperty('changesAllowedFrom');
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    expect((await enableFurther(api, stepUp(api, 'bob'), tablet)).status).toBe(200);
  });
});
