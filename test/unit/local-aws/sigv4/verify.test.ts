import { describe, expect, it } from 'vitest';
import { type ReceivedRequest, verifySignature } from '../../../../local-aws/sigv4/verify.ts';
import {
  credentials,
  type Draft,
  longTerm,
  now,
  presignWithSmithy,
  signByHand,
  signWithAws4fetch,
  signWithSmithy,
  temporary,
  withHeaders,
} from './signers.ts';

const expected = { credentials, services: ['execute-api'], region: 'us-east-1', now };
const presignWithAws4fetch = (draft: Draft) => signWithAws4fetch({ method: 'GET', ...draft }, true);

const signers: readonly (readonly [string, (draft: Draft) => Promise<ReceivedRequest>])[] = [
  ['the SDK, header', signWithSmithy],
  ['the SDK, presigned', presignWithSmithy],
  ['aws4fetch, header', signWithAws4fetch],
  ['aws4fetch, presigned', presignWithAws4fetch],
];

describe.each(signers)('a request signed by %s', (_, sign) => {
  it.each([longTerm, temporary])('names the principal of $accessKeyId', async (keys) => {
    const request = await sign({ keys });

    const result = verifySignature(request, expected);

    expect(result).toMatchObject({ accessKeyId: keys.accessKeyId, principal: { userName: 'alice' } });
  });

  it.each([
    ['nothing', '/'],
    ['a device', '/v1/mfa-devices/phone.2_x-y~z/activation'],
    ['percent-encoding', '/v1/mfa-devices/a%2Fb%20c%C3%BC'],
    ['reserved characters', "/v1/devices/a:b@c!$'()*,;="],
    ['a double and a trailing slash', '/v1//mfa-devices/'],
    ['encoded dots', '/v1/%2e%2e%2fme'],
    ['an unsorted query', '/v1/me?b=2&a=2&a=1&A=0'],
    ['an encoded query', '/v1/me?q=a%20b%2Bc%3D%26&%C3%BC=%E2%9C%93&empty='],
    ['reserved characters in the query', "/v1/me?q=!'()*~-_."],
  ])('is accepted with %s in its target', async (_name, target) => {
    const request = await sign({ target });

    const result = verifySignature(request, expected);

    expect(result).toMatchObject({ accessKeyId: longTerm.accessKeyId });
  });

  it.each([-299_000, 0, 299_000])('is accepted %i ms off the real time', async (offset) => {
    const request = await sign({ signedAt: now + offset, expiresIn: 300 });

    const result = verifySignature(request, expected);

    expect(result).toHaveProperty('principal');
  });
});

describe('verifySignature', () => {
  it('accepts dot segments signed as normalised, as the SDK signs them', async () => {
    const request = await signWithSmithy({ target: '/v1/me/./../mfa-devices' });

    const result = verifySignature(request, expected);

    expect(result).toHaveProperty('principal');
  });

  it.each([
    ['exactly as sent, as older curl does', '/v1//a%20b/../x:y'],
    ['encoded once more', '/v1//a%2520b/../x%3Ay'],
    ['normalised and encoded once more', '/v1/x%3Ay'],
  ])('accepts a path signed %s', (_, path) => {
    const headers = { host: 'h', 'x-amz-date': '20261124T093000Z' };
    const request = signByHand({ path, query: '' }, { target: '/v1//a%20b/../x:y', headers });

    const result = verifySignature(request, expected);

    expect(result).toHaveProperty('principal');
  });

  it('sorts the query by encoded name, then by encoded value, and gives lone names an empty value', () => {
    const headers = { host: 'h', 'x-amz-date': '20261124T093000Z' };
    const target = '/?b=%7e&b=%2a&lone&B=1&%5f=x/y&b=';
    const query = 'B=1&_=x%2Fy&b=&b=%2A&b=~&lone=';
    const request = signByHand({ path: '/', query }, { target, headers });

    const result = verifySignature(request, expected);

    expect(result).toHaveProperty('principal');
  });

  it('reads header bytes beyond ASCII as they were sent', () => {
    const sent = { host: 'h', 'x-amz-date': '20261124T093000Z', 'x-amz-note': 'é' };
    const request = signByHand({ path: '/', query: '' }, { target: '/', headers: sent });
    // Node gives one character per byte of the UTF-8 that was signed and sent.
    const onArrival = { 'x-amz-note': Buffer.from('é').toString('latin1') };

    const result = verifySignature(withHeaders(request, onArrival), expected);

    expect(result).toHaveProperty('principal');
  });

  it('reads a plus sign in the query as the space it stands for', async () => {
    const signed = await signWithSmithy({ target: '/v1/me?q=a%20b' });

    const result = verifySignature({ ...signed, target: '/v1/me?q=a+b' }, expected);

    expect(result).toHaveProperty('principal');
  });

  it('folds white space in header values and joins repeated headers by commas', async () => {
    const signed = await signWithSmithy({ headers: { 'x-amz-note': 'a b,c' } });

    const result = verifySignature(withHeaders(signed, { 'x-amz-note': ['  a  b', 'c'] }), expected);

    expect(result).toHaveProperty('principal');
  });

  it('accepts a body hash that is the one of the body', async () => {
    const request = await signWithSmithy({});

    const result = verifySignature(request, expected);

    expect(request.headers).toHaveProperty('x-amz-content-sha256');
    expect(result).toHaveProperty('principal');
  });

  it.each(['Tue, 24 Nov 2026 09:30:00 GMT', '20261124T093000Z'])(
    'takes the time of signing from a Date header of %s when there is no x-amz-date',
    (date) => {
      const request = signByHand({ path: '/', query: '' }, { target: '/', headers: { host: 'h', date } });

      const result = verifySignature(request, expected);

      expect(result).toHaveProperty('principal');
    },
  );

  it.each(['24 Nov 2026', 'Tue, 24 Nov 2026 09:30:00 CET', ''])('refuses a Date header of "%s"', (date) => {
    const request = signByHand({ path: '/', query: '' }, { target: '/', headers: { host: 'h', date } });

    const result = verifySignature(request, expected);

    expect(result).toMatchObject({ error: { code: 'IncompleteSignature' } });
  });

  it('asks for the present secret of a key, whatever it was when it last signed', async () => {
    const request = await signWithSmithy({});
    const rotated = {
      ...credentials,
      resolve: (id: string, token: string | undefined) => ({
        ...credentials.resolve(id, token),
        secretAccessKey: 'rotated',
      }),
    };

    const before = verifySignature(request, expected);
    const after = verifySignature(request, { ...expected, credentials: rotated });

    expect(before).toHaveProperty('principal');
    expect(after).toMatchObject({ error: { code: 'SignatureDoesNotMatch' } });
  });

  it('accepts any Region when none is expected', async () => {
    const request = await signWithSmithy({ region: 'eu-central-1', service: 'iam' });

    const result = verifySignature(request, { credentials, services: ['sts', 'iam'], now });

    expect(result).toHaveProperty('principal');
  });
});
