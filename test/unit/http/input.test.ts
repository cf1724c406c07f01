import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createMfaDevice } from '../../../shared/contract/operations/create-mfa-device.ts';
import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { listUserMfaDevices } from '../../../shared/contract/operations/list-user-mfa-devices.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import { parseInput } from '../../../shared/http/input.ts';
import { apiEvent } from '../../support/api-event.ts';

const json = { 'Content-Type': 'application/json' };
const withBody = (body: unknown, event: Partial<APIGatewayProxyEvent> = {}) =>
  apiEvent({ headers: json, body: typeof body === 'string' ? body : JSON.stringify(body), ...event });

function problemOf(parse: () => unknown): Problem {
  try {
    parse();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the input was accepted');
}

/** A request for the devices of a user whose name is spelled so in the path. */
const aboutUser = (userName: string) => apiEvent({ pathParameters: { userName } });

describe('valid input', () => {
  it.each([
    ['a@b.c', 'a@b.c'],
    ['a%40b.c', 'a@b.c'],
    ['a%2Bb%2bc', 'a+b+c'],
    ['a%3D%2Cb', 'a=,b'],
    // A space only in forms, never in a path.
    ['a+b', 'a+b'],
  ])('may have the path parameter %s, which means %s', (sent, userName) => {
    expect(parseInput(aboutUser(sent), listUserMfaDevices).path).toEqual({ userName });
  });

  it('is parsed by the contract', () => {
    const input = parseInput(
      withBody({ name: 'phone', label: 'Zoë’s phone'.replace('’', '.') }),
      createMfaDevice,
    );

    expect(input.body).toEqual({ name: 'phone', label: 'Zoë.s phone' });
  });

  it('may come as base64 and with a charset', () => {
    const body = Buffer.from('{"name":"phone"}').toString('base64');
    const headers = { 'content-type': 'application/json; charset=utf-8' };

    expect(parseInput(apiEvent({ headers, body, isBase64Encoded: true }), createMfaDevice).body).toEqual({
      name: 'phone',
    });
  });

  it('needs no body where the operation takes none', () => {
    expect(parseInput(apiEvent({ body: '' }), getMe).body).toBeUndefined();
  });

  it.each(['{}', ' { }\n'])('may have the empty object %j where the operation takes no body', (body) => {
    expect(parseInput(withBody(body), getMe).body).toBeUndefined();
  });
});

describe('input that is not valid', () => {
  it('is reported whole, each fault with its pointer', () => {
    const event = withBody(
      { code1: '12345', code2: 123456, 'a/b~c': 1 },
      { pathParameters: { deviceId: '..' }, multiValueQueryStringParameters: { limit: ['1', '2'] } },
    );

    const problem = problemOf(() => parseInput(event, enableMfaDevice));

    expect(problem.code).toBe('validation-failed');
    expect(problem.extras.errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '/body/a~1b~0c',
      '/body/code1',
      '/body/code2',
      '/path/deviceId',
      '/query/limit',
      '/query/limit',
    ]);
  });

  it.each([
    ['equal codes', { code1: '123456', code2: '123456' }, '/body/code2', /after code1/],
    ['a missing code', { code1: '123456' }, '/body/code2', /is required/],
    ['a number for a code', { code1: '123456', code2: 234567 }, '/body/code2', /must be of type string/],
    ['digits of another script', { code1: '١٢٣٤٥٦', code2: '123456' }, '/body/code1', /six digits/],
    ['a code with a line break', { code1: '123456\n', code2: '234567' }, '/body/code1', /six digits/],
    ['a list', [], '/body', /must be of type object/],
    ['null', null, '/body', /must be of type object/],
  ])('%s', (_, body, pointer, detail) => {
    const event = withBody(body, { pathParameters: { deviceId: 'phone' } });

    expect(problemOf(() => parseInput(event, enableMfaDevice)).extras.errors).toEqual([
      { pointer, detail: expect.stringMatching(detail) },
    ]);
  });

  it.each(['.', '..', '', 'a/b', '%2F', 'ä', 'a b', 'a'.repeat(65), '~abc', 'a\n', 'a\0', '*', '$x'])(
    'the device name %j',
    (name) => {
      expect(problemOf(() => parseInput(withBody({ name }), createMfaDevice)).extras.errors).toEqual([
        { pointer: '/body/name', detail: expect.stringContaining('1 to 64') },
      ]);
    },
  );

  it.each(['a%', 'a%4', 'a%zz', '%C3', '%ff', 'a%u0040b', '%ED%A0%80', '%C0%AF'])(
    'the path parameter %s, which is not percent-encoded UTF-8',
    (sent) => {
      expect(problemOf(() => parseInput(aboutUser(sent), listUserMfaDevices)).extras.errors).toEqual([
        { pointer: '/path/userName', detail: 'must be percent-encoded UTF-8' },
      ]);
    },
  );

  it.each(['a%2540b.c', 'a%2Fb', 'a%252Fb', '%2e%2e%2fadmin', 'a%5Cb', 'a%00', 'a%0Ab', 'a%20b', 'a%C3%A4'])(
    'the path parameter %s, which is decoded once and then is no name',
    (sent) => {
      expect(problemOf(() => parseInput(aboutUser(sent), listUserMfaDevices)).extras.errors).toEqual([
        { pointer: '/path/userName', detail: expect.stringContaining('the name of an IAM user') },
      ]);
    },
  );

  it.each([
    ['truncated JSON', '{"name":'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('latin1')],
  ])('%s', (_, body) => {
    const event = apiEvent({
      headers: json,
      body: Buffer.from(body, 'latin1').toString('base64'),
      isBase64Encoded: true,
    });

    expect(problemOf(() => parseInput(event, createMfaDevice)).extras.errors).toEqual([
      { pointer: '/body', detail: 'must be JSON in UTF-8' },
    ]);
  });

  it('a prototype in disguise', () => {
    const problem = problemOf(() =>
      parseInput(withBody('{"name":"phone","__proto__":{"x":1}}'), createMfaDevice),
    );

    expect(problem.extras.errors).toEqual([{ pointer: '/body/__proto__', detail: 'is not recognised' }]);
  });

  it.each(['[]', 'null', '0', '""', '{"a":1}', '{"__proto__":{}}'])(
    'the body %s where none is taken',
    (body) => {
      expect(problemOf(() => parseInput(withBody(body), getMe)).extras.errors).toEqual([
        { pointer: '/body', detail: expect.stringContaining('takes no body') },
      ]);
    },
  );

  it('an empty object as a body that is taken', () => {
    expect(problemOf(() => parseInput(withBody({}), createMfaDevice)).extras.errors).toEqual([
      { pointer: '/body/name', detail: 'is required' },
    ]);
  });

  it('an empty object that is not sent as JSON', () => {
    const event = apiEvent({ headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(problemOf(() => parseInput(event, getMe)).code).toBe('unsupported-media-type');
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'the content type %s',
    (type) => {
      const event = apiEvent({
        headers: type === undefined ? {} : { 'content-type': type },
        body: '{"name":"phone"}',
      });

      expect(problemOf(() => parseInput(event, createMfaDevice)).code).toBe('unsupported-media-type');
    },
  );

  it('a body over 16 KB, counted in bytes', () => {
    const body = JSON.stringify({ name: 'ä'.repeat(8192) });

    expect(problemOf(() => parseInput(withBody(body), createMfaDevice)).code).toBe('body-too-large');
  });

  it('a body of just 16 KB is read', () => {
    const body = `{"name":"${'a'.repeat(16 * 1024 - 11)}"}`;

    expect(problemOf(() => parseInput(withBody(body), createMfaDevice)).code).toBe('validation-failed');
  });
});
