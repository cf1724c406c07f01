import { stripVTControlCharacters } from 'node:util';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { productTags } from '../../shared/devices/tags.ts';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  askForSession,
  codesNow,
  createFirst,
  createFurther,
  enableFirst,
  enableFurther,
  enrolFirst,
  sessionIn,
  stepUp,
} from '../support/e2e-flows.ts';

const api = useApi();
const userArn = `${accountArn}:user/alice`;
const phone = `${accountArn}:mfa/self-service/alice/phone`;

/** Milliseconds by which an RFC 3339 time is ahead of the local clock. */
const ahead = (time: string) => Date.parse(time) - api.stack.clock.now();

function readQrCode(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  return jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
}

describe('a user without a device', () => {
  it('enrols, gets a session with MFA, and enrols a second device with it', async () => {
    const created = await createFirst(api, 'alice');
    const enabled = await enableFirst(api, 'alice', created);
    expect(enabled.json()).toMatchObject({ id: 'phone', serialNumber: phone, status: 'active' });
    expect(api.activeDevices('alice')).toEqual([phone]);

    const tooEarly = await askForSession(api, 'alice', created);
    const { retryAfter } = tooEarly.json();
    expect(tooEarly.json()).toMatchObject({ status: 409, code: 'device-not-ready' });
    expect(retryAfter).toBeGreaterThan(0);
    api.stack.clock.advance(retryAfter + 30);
    const session = sessionIn(await askForSession(api, 'alice', created));

    const tablet = await createFurther(api, session, 'tablet');
    expect(await enableFurther(api, session, tablet)).toMatchObject({ status: 200 });
    expect(api.activeDevices('alice')).toEqual([phone, `${accountArn}:mfa/self-service/alice/tablet`]);

    for (const who of [session, 'alice']) {
      const me = await api.fetch(who, 'GET', '/v1/me');
      expect(me.json()).toMatchObject({ userName: 'alice', userArn, mfa: { active: 2, pending: 0 } });
      const list = await api.fetch(who, 'GET', '/v1/me/mfa-devices');
      expect(list.json().items.map(({ id }: { id: string }) => id)).toEqual(['phone', 'tablet']);
      const one = await api.fetch(who, 'GET', '/v1/me/mfa-devices/tablet');
      expect(one.json()).toMatchObject({ id: 'tablet', name: 'tablet', status: 'active', tags: {} });
    }
  });

  it('is pointed to a session when adding a second device with long-term keys', async () => {
    await enrolFirst(api, 'alice');
    const answer = await api.fetch('alice', 'POST', '/v1/mfa-devices', { name: 'tablet' });
    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied', maxAgeSeconds: 900 });
    expect(answer.json().detail).toContain('POST /v1/me/sessions');
    expect(api.activeDevices('alice')).toEqual([phone]);
  });

  it('sees what enrolment needs before starting it', async () => {
    const me = (await api.fetch('alice', 'GET', '/v1/me')).json();
    expect(me).toEqual({
      userName: 'alice',
      userArn,
      accountId: '123456789012',
      mfa: { active: 0, pending: 0 },
      stsEndpoint: api.stack.awsUrl,
      serverTime: expect.any(String),
      stepUpMaxAgeSeconds: 900,
    });
    expect(Math.abs(ahead(me.serverTime))).toBeLessThan(10_000);
  });
});

describe('a created device', () => {
  it('has a seed, an otpauth URI, a QR code of that URI, a label and an expiry', async () => {
    const body = { name: 'phone', label: 'My phone: left/pocket é' };
    const device = (await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', body)).json();
    expect(device).toEqual({
      id: 'phone',
      name: 'phone',
      kind: 'virtual',
      serialNumber: phone,
      status: 'pending',
      label: body.label,
      expiresAt: expect.any(String),
      tags: {},
      base32Seed: expect.stringMatching(/^[A-Z2-7]{64}$/),
      otpauthUri: expect.any(String),
      qrCode: expect.stringMatching(/^data:image\/png;base64,/),
    });
    const uri = new URL(device.otpauthUri);
    expect(`${uri.protocol}//${uri.host}${decodeURIComponent(uri.pathname)}`).toBe(
      'otpauth://totp/AWS:alice@123456789012 (phone)',
    );
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: device.base32Seed,
      issuer: 'AWS',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    const [, png = ''] = device.qrCode.split(',');
    expect(readQrCode(Buffer.from(png, 'base64'))).toBe(device.otpauthUri);
    expect(ahead(device.expiresAt)).toBeGreaterThan(3_590_000);
    expect(ahead(device.expiresAt)).toBeLessThanOrEqual(3_600_000);
  });

  it('shows label and expiry but no seed when read again; enabling it removes the expiry', async () => {
    const body = { name: 'phone', label: 'mine' };
    const created = (await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', body)).json();
    const pending = (await api.fetch('alice', 'GET', '/v1/me/mfa-devices/phone')).json();
    const { base32Seed, otpauthUri: _uri, qrCode: _qr, ...shown } = created;
    expect(pending).toEqual(shown);

    const enabled = (await enableFirst(api, 'alice', { name: 'phone', seed: base32Seed })).json();
    expect(ahead(enabled.usableForSessionsFrom)).toBeGreaterThan(5_000);
    expect(enabled).toEqual({
      ...{ id: 'phone', name: 'phone', kind: 'virtual', serialNumber: phone, status: 'active' },
      ...{ enabledAt: enabled.enabledAt, usableForSessionsFrom: expect.any(String) },
    });
    const active = (await api.fetch('alice', 'GET', '/v1/me/mfa-devices/phone')).json();
    expect(active).toMatchObject({ status: 'active', label: 'mine', tags: {} });
    expect(active).not.toHaveProperty('expiresAt');
    const tags = Object.fromEntries(
      api.stack.account.devices.get(phone).tags.map(({ Key, Value }) => [Key, Value]),
    );
    expect(tags).toEqual({
      [productTags.owner]: api.stack.account.users.get('alice').userId,
      [productTags.label]: 'mine',
    });
  });

  it('gets a fresh seed when created again, and the old codes stop working', async () => {
    const abandoned = await createFirst(api, 'alice');
    const retried = await createFirst(api, 'alice');
    expect(retried.seed).not.toBe(abandoned.seed);
    expect(retried.serialNumber).toBe(abandoned.serialNumber);
    expect((await enableFirst(api, 'alice', abandoned)).json()).toMatchObject({
      status: 422,
      code: 'invalid-authentication-code',
    });
    expect((await enableFirst(api, 'alice', retried)).status).toBe(200);
  });

  it('cannot be created again once it is active', async () => {
    await enrolFirst(api, 'alice');
    const session = sessionIn(
      await askForSession(api, 'alice', {
        serialNumber: phone,
        seed: api.stack.account.devices.get(phone).seed ?? '',
      }),
    );
    const before = api.devices();
    const answer = await api.fetch(session, 'POST', '/v1/mfa-devices', { name: 'phone' });
    expect(answer.json()).toMatchObject({ status: 409, code: 'device-exists' });
    expect(api.devices()).toBe(before);
  });

  it('is enabled once, however often that is requested and whatever the later codes', async () => {
    const device = await createFirst(api, 'alice');
    const codes = codesNow(api, device.seed);
    const path = '/v1/me/first-mfa-device/phone/activation';
    const first = await api.fetch('alice', 'PUT', path, codes);
    const again = await api.fetch('alice', 'PUT', path, codes);
    expect(again.status).toBe(200);
    expect(again.json()).toMatchObject({ id: 'phone', status: 'active' });
    expect(Math.abs(Date.parse(again.json().enabledAt) - Date.parse(first.json().enabledAt))).toBeLessThan(
      2_000,
    );
    expect(api.called().filter((operation) => operation === 'EnableMFADevice')).toHaveLength(1);
  });
});

describe('the calls of a creation, one after the other', () => {
  const callsOf = async (make: () => Promise<unknown>) => {
    const before = api.called().length;
    await make();
    return api.called().slice(before);
  };

  it('are three for a first device, and five if a pending one has its name', async () => {
    const replacing = ['ListMFADeviceTags', 'DeleteVirtualMFADevice'];

    // Functions keep credentials per device name, and no other test has this one.
    const first = await callsOf(() => createFirst(api, 'alice', 'counted'));
    const again = await callsOf(() => createFirst(api, 'alice', 'counted'));

    expect(first).toEqual(['AssumeRole', 'ListMFADevices', 'CreateVirtualMFADevice']);
    expect(again, 'after AssumeRole').toEqual(['ListMFADevices', ...replacing, 'CreateVirtualMFADevice']);
  });

  it('are two for a further device', async () => {
    await enrolFirst(api, 'alice');

    const calls = await callsOf(() => createFurther(api, stepUp(api, 'alice'), 'counted'));

    expect(calls).toEqual(['AssumeRole', 'CreateVirtualMFADevice']);
  });

  it('do not wait for the lease if the user has a device already', async () => {
    await enrolFirst(api, 'alice');
    api.stack.faults.put({ operation: 'UpdateItem', error: 'InternalServerError', times: 50 });

    const answer = await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'second' });

    expect(answer.json()).toMatchObject({ status: 403, code: 'first-device-only' });
  });
});

describe('the representations of a created device', () => {
  const create = (accept: string) =>
    api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' }, { Accept: accept });
  const uriOf = () => `secret=${api.stack.account.devices.get(phone).seed}&issuer=AWS`;

  it('is a binary PNG for image/png', async () => {
    const answer = await create('image/png');
    expect(answer.headers['content-type']).toBe('image/png');
    expect(readQrCode(answer.body)).toContain(uriOf());
  });

  it('is SVG text for image/svg+xml', async () => {
    const answer = await create('image/svg+xml');
    expect(answer.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(answer.text).toMatch(/^<svg .*<\/svg>\s*$/s);
  });

  it('is a terminal QR code for text/plain', async () => {
    const answer = await create('text/plain');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(readQrCode(terminalAsPng(answer.text))).toContain(uriOf());
  });

  it.each(['application/json', '*/*', 'text/html', 'application/json, image/png;q=0.5'])(
    'is JSON for %s',
    async (accept) => {
      const answer = await create(accept);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.json().otpauthUri).toContain(uriOf());
    },
  );

  it('is a problem document on failure, whatever was requested', async () => {
    await enrolFirst(api, 'alice');
    expect(await create('image/png')).toMatchObject({ status: 403 });
  });
});

/** Turns half blocks into pixels, four per module. */
function terminalAsPng(text: string): Buffer {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [...stripVTControlCharacters(line)])
    .flatMap((cells) => [cells.map((cell) => '█▀'.includes(cell)), cells.map((cell) => '█▄'.includes(cell))]);
  const scale = 4;
  const side = { width: (rows[0]?.length ?? 0) * scale, height: rows.length * scale };
  const png = new PNG(side);
  png.data.fill(255);
  for (let at = 0; at < side.width * side.height; at++) {
    const row = rows[Math.floor(at / side.width / scale)];
    if (row?.[Math.floor((at % side.width) / scale)]) png.data.fill(0, at * 4, at * 4 + 3);
  }
  return PNG.sync.write(png);
}
