import { describe, expect, it } from 'vitest';
import { useApi, type Who } from '../support/e2e.ts';
import {
  askForSession,
  bobsPhone,
  bobsSeed,
  codesNow,
  createFirst,
  createFurther,
  foreignId,
  nextCodeWindow,
  presign,
  sessionIn,
  stepUp,
  tokenSeed,
  wrongCode,
} from '../support/e2e-flows.ts';
import type { Answer } from '../support/http.ts';
import { consecutiveTotps } from '../support/totp.ts';

const api = useApi();
const bobs = { serialNumber: bobsPhone, seed: bobsSeed };

const timesCalled = (operation: string) => api.called().filter((called) => called === operation).length;

/** Stale and random codes: refused without using up a valid one. */
const wrongCodes = () => ({ code1: wrongCode(api, bobsSeed), code2: '999999' });

interface Case {
  readonly operation: string;
  readonly upstream: string;
  /** Sets up a device and returns a function that submits wrong codes for it. */
  readonly prepare: () => Promise<() => Promise<Answer>>;
}

const to =
  (who: Who, method: string, path: string, more: object = {}) =>
  () =>
    api.fetch(who, method, path, { ...wrongCodes(), ...more });

const cases: readonly Case[] = [
  {
    operation: 'enable-first-mfa-device',
    upstream: 'EnableMFADevice',
    prepare: async () => {
      await createFirst(api, 'alice');
      return to('alice', 'PUT', '/v1/me/first-mfa-device/phone/activation');
    },
  },
  {
    operation: 'enable-mfa-device',
    upstream: 'EnableMFADevice',
    prepare: async () => {
      await createFurther(api, stepUp(api, 'bob'), 'tablet');
      return to(stepUp(api, 'bob'), 'PUT', '/v1/mfa-devices/tablet/activation');
    },
  },
  {
    operation: 'enable-hardware-mfa-device',
    upstream: 'EnableMFADevice',
    prepare: async () => to(stepUp(api, 'bob'), 'PUT', '/v1/hardware-mfa-devices/GAHT00000001/activation'),
  },
  {
    operation: 'resync-mfa-device',
    upstream: 'ResyncMFADevice',
    prepare: async () => to(stepUp(api, 'bob'), 'POST', '/v1/mfa-devices/phone/resync'),
  },
  {
    operation: 'resync-only-mfa-device',
    upstream: 'ResyncMFADevice',
    prepare: async () => to('bob', 'POST', '/v1/me/resyncs', { deviceId: 'phone' }),
  },
  {
    operation: 'create-session',
    upstream: 'GetSessionToken',
    prepare: async () => () => askForSession(api, 'bob', bobs, wrongCode(api, bobsSeed)),
  },
];

describe.each(cases)('$operation', ({ upstream, prepare }) => {
  it('allows five submissions per window; the sixth never reaches AWS, and the next window allows more', async () => {
    const submit = await prepare();
    nextCodeWindow(api);
    for (let left = 4; left >= 0; left--) {
      const answer = await submit();
      expect(answer.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
      expect(answer.headers['ratelimit-policy']).toBe('"codes";q=5;w=180');
      expect(answer.headers['ratelimit']).toMatch(new RegExp(`^"codes";r=${left};t=1(80|7\\d)$`));
    }

    const sixth = await submit();

    expect(sixth.json()).toMatchObject({ status: 429, code: 'throttled' });
    expect(sixth.headers['ratelimit']).toBe(`"codes";r=0;t=${sixth.json().retryAfter}`);
    expect(timesCalled(upstream)).toBe(5);
    api.stack.clock.advance(sixth.json().retryAfter);
    expect((await submit()).status).toBe(422);
    expect(timesCalled(upstream)).toBe(6);
  });

  it('submits nothing while the table is unreachable', async () => {
    const submit = await prepare();
    api.stack.faults.put({ operation: 'UpdateItem', error: 'InternalServerError', times: 50 });
    const answer = await submit();
    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
    expect(answer.headers['ratelimit']).toBeUndefined();
    expect(timesCalled(upstream)).toBe(0);
  });
});

describe('the limit on codes', () => {
  it.each([
    ['GetSessionToken', () => askForSession(api, 'bob', bobs, wrongCode(api, bobsSeed))],
    ['ResyncMFADevice', () => to(stepUp(api, 'bob'), 'POST', '/v1/mfa-devices/phone/resync')()],
  ])('lets exactly five of 20 simultaneous submissions through to %s', async (operation, submit) => {
    nextCodeWindow(api);
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit()));
    expect(timesCalled(operation)).toBe(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('is per device, whichever operation the codes are for', async () => {
    nextCodeWindow(api);
    for (let attempt = 0; attempt < 3; attempt++)
      await askForSession(api, 'bob', bobs, wrongCode(api, bobsSeed));
    for (let attempt = 0; attempt < 2; attempt++) {
      await api.fetch('bob', 'POST', '/v1/me/resyncs', { deviceId: 'phone', ...wrongCodes() });
    }
    expect((await askForSession(api, 'bob', bobs)).status).toBe(429);
    const resync = await api.fetch('bob', 'POST', '/v1/me/resyncs', { deviceId: 'phone', ...wrongCodes() });
    expect(resync.status).toBe(429);
  });

  it('is reported by successful answers too', async () => {
    nextCodeWindow(api);
    const answer = await askForSession(api, 'bob', bobs);
    sessionIn(answer);
    expect(answer.headers['ratelimit']).toMatch(/^"codes";r=4;t=1(80|7\d)$/);
  });

  it('does not count equal or malformed codes, or codes for a device that is already active', async () => {
    nextCodeWindow(api);
    const first = await createFirst(api, 'alice');
    const path = `/v1/me/first-mfa-device/${first.name}/activation`;
    for (let attempt = 0; attempt < 6; attempt++) {
      const bad = await api.fetch('alice', 'PUT', path, { code1: '111111', code2: '111111' });
      expect(bad.status).toBe(400);
      expect(bad.headers['ratelimit']).toBeUndefined();
      const presignedUrl = await presign(api, 'bob', { SerialNumber: bobsPhone, TokenCode: 'abcdef' });
      expect((await api.fetch('bob', 'POST', '/v1/me/sessions', { presignedUrl })).status).toBe(400);
    }
    expect((await api.fetch('alice', 'PUT', path, codesNow(api, first.seed))).status).toBe(200);
    for (let attempt = 0; attempt < 6; attempt++) {
      const again = await api.fetch('alice', 'PUT', path, wrongCodes());
      expect(again.status).toBe(200);
      expect(again.headers['ratelimit']).toBeUndefined();
    }
    expect((await askForSession(api, 'bob', bobs)).headers['ratelimit']).toContain('r=4');
  });

  it('cannot be used up by others, neither on another user’s device nor on an unassigned token', async () => {
    nextCodeWindow(api);
    const session = stepUp(api, 'carol');
    const attacks = [
      () => askForSession(api, 'carol', bobs, wrongCode(api, bobsSeed)),
      to('carol', 'POST', '/v1/me/resyncs', { deviceId: foreignId(bobsPhone) }),
      to(session, 'POST', `/v1/mfa-devices/${foreignId(bobsPhone)}/resync`),
      to(session, 'PUT', `/v1/mfa-devices/${foreignId(bobsPhone)}/activation`),
    ];
    for (const attack of attacks) {
      for (let attempt = 0; attempt < 6; attempt++)
        expect((await attack()).status).toBeGreaterThanOrEqual(400);
    }
    expect((await askForSession(api, 'bob', bobs)).headers['ratelimit']).toContain('r=4');

    const token = '/v1/hardware-mfa-devices/GAHT00000001/activation';
    const dora = stepUp(api, 'dora');
    for (let attempt = 0; attempt < 6; attempt++) await api.fetch(dora, 'PUT', token, wrongCodes());
    const codes = consecutiveTotps(tokenSeed, api.stack.clock.now());
    expect((await api.fetch(stepUp(api, 'bob'), 'PUT', token, codes)).status).toBe(200);
  });
});
