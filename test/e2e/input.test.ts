import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { codesNow, createFirst, enableFirst, wrongCode } from '../support/e2e-flows.ts';

const api = useApi();
const create = '/v1/me/first-mfa-device';
const activation = `${create}/phone/activation`;

const pointersOf = (document: { errors: readonly { pointer: string }[] }) =>
  document.errors.map(({ pointer }) => pointer);

describe('device names', () => {
  const bad = [
    ['dots', '..'],
    ['a dot', '.'],
    ['a path', '../bob/phone'],
    ['a slash', 'a/b'],
    ['an encoded slash', 'a%2Fb'],
    ['letters beyond ASCII', 'téléphone'],
    ['an emoji', '📱'],
    ['65 characters', 'a'.repeat(65)],
    ['nothing', ''],
    ['a space', 'my phone'],
    ['a trailing line feed', 'phone\n'],
    ['a NUL', 'phone\u0000'],
    ['a tilde', '~phone'],
    ['a wildcard', 'phone*'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a policy variable
    ['a policy variable', '${aws:username}'],
    ['a full-width letter', 'ｐhone'],
  ] as const;

  it.each(bad)('are refused in bodies: %s', async (_what, name) => {
    const answer = await api.fetch('alice', 'POST', create, { name });
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(pointersOf(answer.json())).toEqual(['/body/name']);
    expect(api.called()).toEqual([]);
  });

  it.each(bad.filter(([, name]) => name !== ''))('are refused in paths: %s', async (_what, name) => {
    const before = api.devices();
    for (const spelling of [encodeURIComponent(name), encodeURI(name)]) {
      const seen = await api.fetch('alice', 'GET', `/v1/me/mfa-devices/${spelling}`);
      expect([400, 403, 404]).toContain(seen.status);
      const enabled = await api.fetch('alice', 'PUT', `${create}/${spelling}/activation`, {
        ...{ code1: '123456', code2: '654321' },
      });
      expect([400, 403, 404]).toContain(enabled.status);
    }
    expect(api.devices()).toBe(before);
    expect(api.called()).toEqual([]);
  });

  it('are pointed to when they are invalid in a path', async () => {
    const answer = await api.fetch('alice', 'GET', `/v1/me/mfa-devices/${'a'.repeat(65)}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(pointersOf(answer.json())).toEqual(['/path/deviceId']);
  });

  it.each(['a', 'a'.repeat(64), '...', '-', '_', '.a', 'A.b-C_9'])('can be %s', async (name) => {
    const device = await createFirst(api, 'alice', name);
    expect((await api.fetch('alice', 'GET', `/v1/me/mfa-devices/${name}`)).status).toBe(200);
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
  });
});

describe('a body', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'with unknown fields',
      { name: 'phone', userName: 'bob', 'a/b~c': 1 },
      ['/body/userName', '/body/a~1b~0c'],
    ],
    ['that tries __proto__', '{"name":"phone","__proto__":{"label":"x"}}', ['/body/__proto__']],
    ['without its name', { label: 'x' }, ['/body/name']],
    ['with a name of another type', { name: ['phone'] }, ['/body/name']],
    ['with everything wrong', { name: 1, label: '', more: 1 }, ['/body/name', '/body/label', '/body/more']],
    ['with a label of 257 characters', { name: 'phone', label: 'a'.repeat(257) }, ['/body/label']],
    ['with markup in the label', { name: 'phone', label: '<script>' }, ['/body/label']],
    ['that is a list', [{ name: 'phone' }], ['/body']],
    ['that is null', 'null', ['/body']],
    ['that is not JSON', '{"name":', ['/body']],
    ['that is missing', undefined, ['/body']],
  ])('is refused %s', async (_what, body, pointers) => {
    const answer = await api.fetch('alice', 'POST', create, body, { 'Content-Type': 'application/json' });
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(new Set(pointersOf(answer.json()))).toEqual(new Set(pointers));
    expect(api.called()).toEqual([]);
  });

  it.each([
    ['{}', 404],
    ['{"a":1}', 400],
    ['[]', 400],
    ['null', 400],
  ])('that is %s where none is taken gets on or not: %d', async (body, status) => {
    const path = `/v1/me/recoveries/${'a'.repeat(26)}/objection`;
    const answer = await api.fetch('alice', 'PUT', path, body, { 'Content-Type': 'application/json' });
    expect(answer.status).toBe(status);
  });

  it('is refused if it is not UTF-8', async () => {
    const bytes = Buffer.from('{"name":"phone","label":"\xe9"}', 'latin1');
    const answer = await api.fetch('alice', 'POST', create, bytes, { 'Content-Type': 'application/json' });
    // The gateway passes text on; invalid UTF-8 becomes a character that labels cannot contain.
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'image/png',
    'application/json; charset=latin1',
  ])('is refused as %s', async (type) => {
    const answer = await api.fetch('alice', 'POST', create, { name: 'phone' }, { 'Content-Type': type });
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('is refused without a content type', async () => {
    const answer = await api.fetch('alice', 'POST', create, JSON.stringify({ name: 'phone' }));
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it.each([
    ['more than 16 KB', 16 * 1024, 413],
    ['exactly 16 KB, which passes the limit and fails validation', 16 * 1024 - 1, 400],
  ])('may not have %s', async (_what, length, status) => {
    const text = JSON.stringify({ name: '' });
    const body = text.replace('""', `"${'a'.repeat(length + 1 - text.length)}"`);
    const answer = await api.fetch('alice', 'POST', create, body, { 'Content-Type': 'application/json' });
    expect(answer.status).toBe(status);
    expect(api.called()).toEqual([]);
  });

  it('is too large for the gateway above 10 MB', async () => {
    const body = 'a'.repeat(10 * 1024 * 1024 + 1);
    const answer = await api.fetch('alice', 'POST', create, body, { 'Content-Type': 'application/json' });
    expect(answer.json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('is refused where none is expected', async () => {
    const answer = await api.fetch('alice', 'GET', '/v1/me', { name: 'phone' });
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
  });
});

describe('a query', () => {
  it.each([
    ['an unknown parameter', '?admin=true', ['/query/admin']],
    ['a parameter twice', '?a=1&a=2', ['/query/a', '/query/a']],
    ['the name of a user', '?userName=bob', ['/query/userName']],
  ])('is refused with %s', async (_what, query, pointers) => {
    const answer = await api.fetch('alice', 'GET', `/v1/me${query}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(pointersOf(answer.json())).toEqual(pointers);
  });
});

describe('codes', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['equal codes', { code1: '123456', code2: '123456' }, ['/body/code2']],
    ['five digits', { code1: '12345', code2: '654321' }, ['/body/code1']],
    ['seven digits', { code1: '1234567', code2: '654321' }, ['/body/code1']],
    ['letters', { code1: 'abcdef', code2: '654321' }, ['/body/code1']],
    ['digits of another script', { code1: '１２３４５６', code2: '654321' }, ['/body/code1']],
    ['a line feed', { code1: '123456\n', code2: '654321' }, ['/body/code1']],
    ['numbers', { code1: 123456, code2: 654321 }, ['/body/code1', '/body/code2']],
    ['one code', { code1: '123456' }, ['/body/code2']],
    ['a third code', { code1: '123456', code2: '654321', code3: '111111' }, ['/body/code3']],
  ])('never reach AWS if invalid: %s', async (_what, body, pointers) => {
    await createFirst(api, 'alice');
    const seen = api.called().length;
    const answer = await api.fetch('alice', 'PUT', activation, body);
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(pointersOf(answer.json())).toEqual(pointers);
    expect(api.called().slice(seen)).toEqual([]);
  });

  it('are refused when wrong, reversed or already used', async () => {
    const { seed } = await createFirst(api, 'alice');
    const { code1, code2 } = codesNow(api, seed);
    const wrong = wrongCode(api, seed);
    for (const body of [
      { code1: wrong, code2 },
      { code1, code2: wrong },
      { code1: code2, code2: code1 },
    ]) {
      const answer = await api.fetch('alice', 'PUT', activation, body);
      expect(answer.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    }
    expect(api.activeDevices('alice')).toEqual([]);
    expect((await api.fetch('alice', 'PUT', activation, { code1, code2 })).status).toBe(200);

    const { devices, users } = api.stack.account;
    const serialNumber = api.activeDevices('alice')[0] ?? '';
    devices.deactivate(users.get('alice'), serialNumber, api.stack.clock.now());
    const again = await api.fetch('alice', 'PUT', activation, { code1, code2 });
    expect(again.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    expect(api.activeDevices('alice')).toEqual([]);
  });
});
