import { describe, expect, it } from 'vitest';
import { type ReceivedRequest, verifySignature } from '../../../../local-aws/sigv4/verify.ts';
import {
  bob,
  credentials,
  type Draft,
  expired,
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
const minute = 60_000;

function retarget(request: ReceivedRequest, from: string | RegExp, to: string): ReceivedRequest {
  return { ...request, target: request.target.replace(from, to) };
}

function reauthorize(request: ReceivedRequest, from: string | RegExp, to: string): ReceivedRequest {
  return withHeaders(request, { authorization: String(request.headers['authorization']).replace(from, to) });
}

type Attack = readonly [
  name: string,
  code: string,
  draft: Draft,
  tamper: (request: ReceivedRequest) => ReceivedRequest,
];
const asIs = (request: ReceivedRequest) => request;

const headerAttacks: readonly Attack[] = [
  ['a tampered body', 'SignatureDoesNotMatch', {}, (r) => ({ ...r, body: Buffer.from('{"name":"other"}') })],
  ['a body taken away', 'SignatureDoesNotMatch', {}, (r) => ({ ...r, body: Buffer.alloc(0) })],
  ['another path', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'mfa-devices', 'me')],
  ['another case of the path', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'mfa', 'MFA')],
  ['another query value', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'a=1', 'a=2')],
  ['a query parameter added', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'a=1', 'a=1&b=1')],
  ['a query parameter repeated', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'a=1', 'a=1&a=1')],
  [
    'an encoded plus turned into a space',
    'SignatureDoesNotMatch',
    { target: '/v1/me?a=1%2B1' },
    (r) => retarget(r, '%2B', '+'),
  ],
  [
    'an encoded ampersand let out',
    'SignatureDoesNotMatch',
    { target: '/v1/me?a=1%26b%3D2' },
    (r) => retarget(r, '%26b%3D', '&b='),
  ],
  ['another method', 'SignatureDoesNotMatch', {}, (r) => ({ ...r, method: 'DELETE' })],
  ['another host', 'SignatureDoesNotMatch', {}, (r) => withHeaders(r, { host: 'localhost:4000' })],
  [
    'a signed header changed',
    'SignatureDoesNotMatch',
    { headers: { 'x-amz-note': 'a' } },
    (r) => withHeaders(r, { 'x-amz-note': 'b' }),
  ],
  [
    'a signed header taken away',
    'SignatureDoesNotMatch',
    { headers: { 'x-amz-note': 'a' } },
    (r) => withHeaders(r, { 'x-amz-note': undefined }),
  ],
  [
    'a character cut to a signed one',
    'SignatureDoesNotMatch',
    { headers: { 'x-amz-note': 'A' } },
    (r) => withHeaders(r, { 'x-amz-note': '\u0141' }),
  ],
  [
    'an unsigned x-amz header',
    'SignatureDoesNotMatch',
    {},
    (r) => withHeaders(r, { 'x-amz-target': 'Other' }),
  ],
  ['host not among the signed headers', 'SignatureDoesNotMatch', {}, (r) => reauthorize(r, /host;/, '')],
  ['a replay after the skew', 'SignatureDoesNotMatch', { signedAt: now - 5 * minute - 1000 }, asIs],
  ['a date from the future', 'SignatureDoesNotMatch', { signedAt: now + 5 * minute + 1000 }, asIs],
  [
    'a fresh date on an old signature',
    'SignatureDoesNotMatch',
    { signedAt: now - 6 * minute },
    (r) => withHeaders(r, { 'x-amz-date': '20261124T093000Z' }),
  ],
  ['yesterday in the scope', 'SignatureDoesNotMatch', {}, (r) => reauthorize(r, '/20261124/', '/20261123/')],
  ['another Region', 'SignatureDoesNotMatch', { region: 'eu-west-1' }, asIs],
  ['another service', 'SignatureDoesNotMatch', { service: 'iam' }, asIs],
  ['another terminator', 'SignatureDoesNotMatch', {}, (r) => reauthorize(r, 'aws4_request', 'aws5_request')],
  ['a wrong secret', 'SignatureDoesNotMatch', { keys: { ...longTerm, secretAccessKey: 'guess' } }, asIs],
  ['a signature of another length', 'IncompleteSignature', {}, (r) => reauthorize(r, /.{2}$/, '')],
  [
    'an unknown key',
    'InvalidClientTokenId',
    { keys: { ...longTerm, accessKeyId: 'AKIATESTNOBODY000001' } },
    asIs,
  ],
  [
    'the key id of another user',
    'SignatureDoesNotMatch',
    {},
    (r) => reauthorize(r, longTerm.accessKeyId, bob.accessKeyId),
  ],
  [
    'a session token stripped',
    'InvalidClientTokenId',
    { keys: temporary },
    (r) => withHeaders(r, { 'x-amz-security-token': undefined }),
  ],
  ['a wrong session token', 'InvalidClientTokenId', { keys: { ...temporary, sessionToken: 'other' } }, asIs],
  ['an expired session', 'ExpiredToken', { keys: expired }, asIs],
  [
    'no signature at all',
    'MissingAuthenticationToken',
    {},
    (r) => withHeaders(r, { authorization: undefined }),
  ],
  ['a bearer token', 'IncompleteSignature', {}, (r) => withHeaders(r, { authorization: 'Bearer abc' })],
  ['another algorithm', 'IncompleteSignature', {}, (r) => reauthorize(r, 'AWS4-HMAC-SHA256', 'AWS4-NONE')],
  ['an empty authorization', 'IncompleteSignature', {}, (r) => withHeaders(r, { authorization: '' })],
  [
    'two authorization headers',
    'IncompleteSignature',
    {},
    (r) => withHeaders(r, { authorization: [String(r.headers['authorization']), 'Bearer abc'] }),
  ],
  [
    'a repeated credential',
    'IncompleteSignature',
    {},
    (r) =>
      reauthorize(
        r,
        'Credential=',
        'Credential=AKIAOTHER/20261124/us-east-1/execute-api/aws4_request, Credential=',
      ),
  ],
  ['a repeated signed header', 'IncompleteSignature', {}, (r) => reauthorize(r, 'host;', 'host;host;')],
  ['a credential without terminator', 'IncompleteSignature', {}, (r) => reauthorize(r, '/aws4_request', '')],
  ['no date', 'IncompleteSignature', {}, (r) => withHeaders(r, { 'x-amz-date': undefined })],
  [
    'a malformed date',
    'IncompleteSignature',
    {},
    (r) => withHeaders(r, { 'x-amz-date': '2026-11-24T09:30:00Z' }),
  ],
  [
    'a day that does not exist',
    'IncompleteSignature',
    {},
    (r) => withHeaders(r, { 'x-amz-date': '20261131T093000Z' }),
  ],
  [
    'header and query signature together',
    'IncompleteSignature',
    {},
    (r) => ({ ...r, target: `${r.target}&X-Amz-Signature=${'0'.repeat(64)}` }),
  ],
];

const queryAttacks: readonly Attack[] = [
  [
    'a body added',
    'SignatureDoesNotMatch',
    { body: '' },
    (r) => ({ ...r, body: Buffer.from('Action=Other') }),
  ],
  [
    'an expiry raised',
    'SignatureDoesNotMatch',
    {},
    (r) => retarget(r, 'X-Amz-Expires=60', 'X-Amz-Expires=600'),
  ],
  ['an expiry taken away', 'SignatureDoesNotMatch', {}, (r) => retarget(r, '&X-Amz-Expires=60', '')],
  ['its time over', 'SignatureDoesNotMatch', { signedAt: now - 61_000 }, asIs],
  [
    'an expiry of more than a week',
    'IncompleteSignature',
    {},
    (r) => retarget(r, 'X-Amz-Expires=60', 'X-Amz-Expires=604801'),
  ],
  [
    'an expiry of nothing',
    'IncompleteSignature',
    {},
    (r) => retarget(r, 'X-Amz-Expires=60', 'X-Amz-Expires=0'),
  ],
  [
    'an expiry that is no number',
    'IncompleteSignature',
    {},
    (r) => retarget(r, 'X-Amz-Expires=60', 'X-Amz-Expires=6e1'),
  ],
  ['a date from the future', 'SignatureDoesNotMatch', { signedAt: now + 6 * minute, expiresIn: 3600 }, asIs],
  [
    'a parameter repeated',
    'IncompleteSignature',
    {},
    (r) => ({ ...r, target: `${r.target}&X-Amz-Date=20261124T093000Z` }),
  ],
  [
    'a second session token',
    'IncompleteSignature',
    { keys: temporary },
    (r) => ({ ...r, target: `${r.target}&X-Amz-Security-Token=x` }),
  ],
  [
    'its session token stripped',
    'InvalidClientTokenId',
    { keys: temporary },
    (r) => retarget(r, /X-Amz-Security-Token=[^&]*&?/, ''),
  ],
  [
    'its session token moved to a header',
    'SignatureDoesNotMatch',
    { keys: temporary },
    (r) =>
      withHeaders(retarget(r, /X-Amz-Security-Token=[^&]*&?/, ''), {
        'x-amz-security-token': temporary.sessionToken,
      }),
  ],
  ['its signature left out', 'IncompleteSignature', {}, (r) => retarget(r, /X-Amz-Signature=[^&]*/, '')],
  ['another algorithm', 'IncompleteSignature', {}, (r) => retarget(r, 'AWS4-HMAC-SHA256', 'AWS4-NONE')],
  [
    'an unsigned x-amz header',
    'SignatureDoesNotMatch',
    {},
    (r) => withHeaders(r, { 'x-amz-target': 'Other' }),
  ],
  ['a parameter added', 'SignatureDoesNotMatch', {}, (r) => ({ ...r, target: `${r.target}&b=1` })],
  ['a parameter changed', 'SignatureDoesNotMatch', {}, (r) => retarget(r, 'a=1', 'a=2')],
];

const dated = { host: 'h', 'x-amz-date': '20261124T093000Z' };

// All of these carry a signature that is right for what they say.
it.each([
  ['a day in the scope other than that of the date', dated, '20261123/us-east-1/execute-api/aws4_request'],
  ['a Region other than the expected', dated, '20261124/us-west-2/execute-api/aws4_request'],
  ['a service other than the expected', dated, '20261124/us-east-1/iam/aws4_request'],
  ['another terminator', dated, '20261124/us-east-1/execute-api/aws5_request'],
  ['host not signed', { 'x-amz-date': '20261124T093000Z' }, undefined],
  ['a body hash left open', { ...dated, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, undefined],
  ['the hash of another body', { ...dated, 'x-amz-content-sha256': '0'.repeat(64) }, undefined],
])('a right signature with %s is refused', (_, headers, scope) => {
  const signed = signByHand({ path: '/', query: '' }, { target: '/', headers }, scope);

  const result = verifySignature(withHeaders(signed, { host: 'h' }), expected);

  expect(result).toMatchObject({ error: { code: 'SignatureDoesNotMatch' } });
});

const statuses: Readonly<Record<string, number>> = { IncompleteSignature: 400 };

describe.each([
  ['a signed request', signWithSmithy, headerAttacks],
  ['a presigned request', presignWithSmithy, queryAttacks],
] as const)('%s', (_, sign, attacks) => {
  it.each(attacks)('with %s is refused: %s', async (_name, code, draft, tamper) => {
    const request = tamper(await sign(draft));

    const result = verifySignature(request, expected);

    expect(result).toMatchObject({ error: { code, status: statuses[code] ?? 403 } });
  });

  it('is accepted untampered', async () => {
    const request = await sign({});

    expect(verifySignature(request, expected)).toHaveProperty('principal');
  });
});

it.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'])(
  'a body hash of %s is refused, though signed',
  async (hash) => {
    const request = await signWithAws4fetch({ headers: { 'x-amz-content-sha256': hash } });

    const result = verifySignature(request, expected);

    expect(result).toMatchObject({ error: { code: 'SignatureDoesNotMatch' } });
  },
);

it.each(headerAttacks)(
  'the refusal of %s tells no secret and nothing of what was signed',
  async (_, __, draft, tamper) => {
    const request = tamper(await signWithSmithy(draft));

    const result = JSON.stringify(verifySignature(request, expected));

    expect(result).not.toMatch(/AWS4-HMAC|-secret|dG9rZW4|[0-9a-f]{64}/);
  },
);

it('says by how much a signature is too old, as AWS does', async () => {
  const request = await signWithSmithy({ signedAt: now - 10 * minute });

  const result = verifySignature(request, expected);

  expect(result).toMatchObject({
    error: {
      message:
        'Signature expired: 20261124T092000Z is now earlier than 20261124T092500Z (20261124T093000Z - 5 min.)',
    },
  });
});
