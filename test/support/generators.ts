import fc from 'fast-check';
import * as z from 'zod/mini';
import type { Operation } from '../../shared/contract/operation.ts';

/** A request as sent, except for its signature. */
export interface GeneratedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const size = 'max';

/** Names built into objects, wildcards, variables, other users' resources, and string terminators. */
const notorious = fc.constantFrom(
  ...[
    '',
    '.',
    '..',
    '../..',
    '/',
    '//',
    '\\',
    '*',
    '?',
    '%',
    '%00',
    '%2F',
    '%2e%2e',
    '~',
    '~~',
    '\0',
    '\r\n',
    ';',
    '#',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'NaN',
    'true',
  ],
  ...[
    `\${aws:username}`,
    `\${*}`,
    'aws:x',
    'mfa-self-service:owner',
    'MFA-SELF-SERVICE:expires',
    "'; --",
    '<script>',
  ],
  ...['arn:aws:iam::123456789012:mfa/self-service/carol/phone', 'arn:aws:iam::123456789012:user/bob', 'root'],
  ...[
    '9'.repeat(400),
    'a'.repeat(65),
    'a'.repeat(5000),
    '１２３４５６',
    '\u202ephone',
    '\ufeff',
    '\ud800',
    'e\u0301',
  ],
);

const loneSurrogates = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 40, size })
  .map((units) => String.fromCharCode(...units));

const hostileText = fc.oneof(
  notorious,
  fc.string({ unit: 'binary', maxLength: 300, size }),
  fc.string({ unit: 'grapheme', maxLength: 80, size }),
  loneSurrogates,
);

const hugeNumber = fc.constantFrom(0, -0, 1e308, -1e308, 1e21, 2 ** 53, 0.1, -1);

const nested = fc
  .integer({ min: 1, max: 900 })
  .map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`)
  .map((text): unknown => JSON.parse(text));

/** Any JSON value, mostly not of the required type. */
const hostileValue = fc.oneof(
  hostileText,
  hugeNumber,
  nested,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, false),
);

const mostly = <T>(valid: fc.Arbitrary<T>, hostile: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: hostile });

const matching = (pattern: RegExp) => fc.stringMatching(pattern, { size });

const code = fc.oneof(matching(/^\d{6}$/), matching(/^\d{5}$|^\d{7}$|^\d{6}\n$/), fc.constant('000000'));
const name = fc.oneof(fc.constantFrom('phone', 'tablet', 'Phone'), matching(/^[A-Za-z0-9._-]{1,65}$/));
const serialNumber = fc.oneof(
  fc.constantFrom(
    'arn:aws:iam::123456789012:mfa/self-service/bob/phone',
    'arn:aws:iam::123456789012:mfa/self-service/carol/phone',
    'arn:aws:iam::123456789012:mfa/self-service/bob/../carol/phone',
    'arn:aws:iam::123456789012:u2f/user/dora/key',
    'GAHT00000001',
  ),
  matching(/^[A-Za-z0-9_-]{8,40}$/),
  hostileText,
);
const id = fc.oneof(
  name,
  serialNumber.map((serial) => `~${Buffer.from(serial).toString('base64url')}`),
  matching(/^~[A-Za-z0-9_-]{11,343}$/),
);
const label = matching(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,257}$/u);
const tagKey = fc.oneof(matching(/^[\p{L}\p{N}_.:/=+@-]{1,129}$/u), notorious);
const tags = fc.dictionary(tagKey, fc.oneof(label, hostileText), { maxKeys: 52 });

/** A GetSessionToken URL that is valid except for what was replaced or added. */
const presignedUrl = fc
  .record({
    base: fc.constantFrom(
      ...[
        'https://sts.us-east-1.amazonaws.com',
        'https://sts.amazonaws.com.evil.example',
        'http://169.254.169.254',
      ],
      ...[
        'https://user:pass@sts.amazonaws.com',
        'file:///etc/passwd',
        'javascript:0',
        'http://[::1]:80',
        'https://',
      ],
    ),
    action: fc.constantFrom('GetSessionToken', 'AssumeRole', 'GetCallerIdentity', '__proto__'),
    code,
    more: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 3 }),
  })
  .map(({ base, action, code, more }) => {
    const query = new URLSearchParams([
      ['Action', action],
      ['Version', '2011-06-15'],
      ['SerialNumber', 'arn:aws:iam::123456789012:mfa/self-service/bob/phone'],
      ['TokenCode', code],
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', 'AKIALOCALBOB00000001/20260101/us-east-1/sts/aws4_request'],
      ...more,
    ]);
    return `${base}/?${query}`;
  });

const userName = fc.oneof(fc.constantFrom('bob', 'alice', 'dora', 'BOB'), matching(/^[\w+=,.@-]{1,65}$/));
const recoveryId = matching(/^[a-z2-7]{25,27}$/);
const ticket = fc.record(
  {
    system: fc.oneof(matching(/^[a-z0-9][a-z0-9-]{0,32}$/), fc.constantFrom('jira', 'servicenow')),
    id: matching(/^[\w.:#/-]{1,129}$/),
    url: fc.oneof(fc.webUrl(), fc.constantFrom('https://', 'javascript:0', 'http://169.254.169.254')),
  },
  { requiredKeys: ['system', 'id'] },
);

/** Valid or nearly valid values, by the name of a field or parameter. */
const byName: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...{ name, label, code1: code, code2: code, deviceId: id, replaces: id, tags, presignedUrl, serialNumber },
  ...{ userName, recoveryId, ticket },
  reason: fc.constantFrom('lost', 'stolen', 'broken', 'replaced', 'out_of_sync', 'Lost'),
  deviceIds: fc.array(id, { maxLength: 9 }),
  evidence: fc.string({ unit: 'grapheme', maxLength: 1001 }),
  state: fc.constantFrom('requested', 'executed', 'Requested', 'gone'),
  system: fc.constantFrom('standard', 'jira', 'zendesk', 'servicenow'),
  mfa: fc.constantFrom('none', 'some', 'any', 'all'),
  pass: matching(/^[a-z2-7]{4}(-[a-z2-7]{4}){4,6}$/),
  key: tagKey,
  limit: fc.oneof(fc.integer({ min: -1, max: 1001 }), fc.constantFrom('1', '01', '1e2', '٣', '')),
  cursor: fc.oneof(matching(/^[A-Za-z0-9_-]{0,1025}$/), matching(/^[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{43}$/)),
};

const valueFor = (field: string): fc.Arbitrary<unknown> => mostly(byName[field] ?? hostileText, hostileValue);

/** Percent-encoded UTF-8; lone surrogates become U+FFFD. */
const encoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Longer segments make a request line that no gateway accepts. */
const longest = 2000;

function pathOf({ path }: Operation): fc.Arbitrary<string> {
  const segments = path
    .split('/')
    .map((part) =>
      part.startsWith('{')
        ? valueFor(part.slice(1, -1)).map((value) => encoded(textOf(value)).slice(0, longest))
        : fc.constant(part),
    );
  return fc.tuple(...segments).map((parts) => parts.join('/'));
}

function queryOf({ input }: Operation): fc.Arbitrary<string> {
  const known = Object.keys(input.query.shape);
  const right = known.map((key) => valueFor(key).map((value) => [key, value] as const));
  const wrong = fc.tuple(fc.oneof(hostileText, fc.constantFrom('limit', 'key', ...known)), hostileText);
  const parameters = fc.tuple(
    fc.tuple(...right),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(wrong, { maxLength: 4 }) },
    ),
  );
  return parameters.map(([some, more]) => {
    const pairs = [...some, ...more].map(([key, value]) => `${encoded(key)}=${encoded(textOf(value))}`);
    return pairs.length === 0 ? '' : `?${pairs.join('&').slice(0, 2 * longest)}`;
  });
}

function bodyOf({ input }: Operation): fc.Arbitrary<string> {
  const { body } = input;
  const none = fc.constant('');
  const anything = fc.oneof(
    hostileValue.map((value) => JSON.stringify(value)),
    hostileText,
  );
  if (!(body instanceof z.ZodMiniObject))
    return fc.oneof({ weight: 4, arbitrary: none }, { weight: 1, arbitrary: anything });
  const fields = Object.fromEntries(Object.keys(body.shape).map((field) => [field, valueFor(field)]));
  const record = fc.record(fields).map((value) => JSON.stringify(value));
  const incomplete = fc.record(fields, { requiredKeys: [] }).map((value) => JSON.stringify(value));
  const more = fc
    .tuple(fc.record(fields), fc.dictionary(hostileText, hostileValue, { maxKeys: 3 }))
    .map(([some, others]) => JSON.stringify({ ...others, ...some }));
  return fc.oneof({ weight: 6, arbitrary: record }, incomplete, more, anything, none);
}

const headers = fc.record(
  {
    Accept: fc.constantFrom(
      'image/png',
      'text/plain;q=0.5, */*;q=0',
      '*/*',
      ';;;,,q=',
      'application/json',
      'a/b;q=NaN',
    ),
    Origin: fc.constantFrom('null', 'https://evil.example', 'not an origin'),
    'X-Forwarded-For': fc.constantFrom('127.0.0.1', '::1, 10.0.0.1'),
    'X-Amz-Meta': matching(/^[!-~]{0,200}$/),
  },
  { requiredKeys: [] },
);

const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-8',
    'application/json;charset=utf-16',
    'text/plain',
    'image/png',
    '',
  ),
);

/** Requests to an operation, from valid to malicious. */
export function requestsTo(operation: Operation): fc.Arbitrary<GeneratedRequest> {
  return fc
    .record({
      path: pathOf(operation),
      query: queryOf(operation),
      body: bodyOf(operation),
      headers,
      contentType,
    })
    .map(({ path, query, body, headers, contentType }) => ({
      method: operation.method,
      target: `${path}${query}`,
      headers: { ...headers, 'Content-Type': contentType },
      body,
    }));
}
