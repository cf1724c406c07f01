import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metered } from '../../../shared/contract/code-limit.ts';
import { defineOperation } from '../../../shared/contract/operation.ts';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import { noBody, nothing, session } from '../../../shared/contract/schemas.ts';
import { endpoint } from '../../../shared/http/endpoint.ts';
import { Media, Repeated } from '../../../shared/http/response.ts';
import { apiEnv, apiEvent, lambdaContext } from '../../support/api-event.ts';

const sample = defineOperation({
  ...getMe,
  actions: [],
  input: { path: nothing, query: nothing, body: noBody },
  output: session,
  status: 201,
});
const result = {
  accessKeyId: 'ASIA1',
  secretAccessKey: 'secret-key',
  sessionToken: 'session-token',
  expiration: '2026-01-01T00:00:00.000Z',
};

let lines: string[];

beforeEach(() => {
  for (const [name, value] of Object.entries(apiEnv)) vi.stubEnv(name, value);
  lines = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const invoke = async (handler: ReturnType<typeof endpoint>, event = apiEvent()) => {
  const response = await handler(event, lambdaContext());
  return { ...response, json: () => JSON.parse(response.body) as unknown };
};

describe('an endpoint', () => {
  it('answers the result by its contract, never to be stored', async () => {
    const response = await invoke(endpoint(sample, async () => result));

    expect(response).toMatchObject({
      statusCode: 201,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-request-id': 'request-1',
      },
    });
    expect(response.json()).toEqual(result);
  });

  it.each([
    ['the status of repetitions', 200, { ...sample, repeatStatus: 200 } as const],
    ['its only status', 201, sample],
  ])('answers what was created before under %s', async (_what, statusCode, operation) => {
    const response = await invoke(endpoint(operation, async () => new Repeated(result)));

    expect(response.statusCode).toBe(statusCode);
    expect(response.json()).toEqual(result);
  });

  it('answers another representation as it is', async () => {
    const response = await invoke(
      endpoint(sample, async () => new Media('image/png', Buffer.from([1, 2, 3]))),
    );

    expect(response).toMatchObject({
      statusCode: 201,
      headers: { 'content-type': 'image/png' },
      body: 'AQID',
      isBase64Encoded: true,
    });
  });

  it('tells in headers what is left of the limit on codes', async () => {
    const rateLimit = { left: 3, resetSeconds: 42 };
    const response = await invoke(endpoint(sample, async () => new Metered(result, rateLimit)));

    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'ratelimit-policy': '"codes";q=5;w=180',
      ratelimit: '"codes";r=3;t=42',
    });
    expect(response.json()).toEqual(result);
  });

  it('tells nothing of the limit where no codes were submitted', async () => {
    const response = await invoke(endpoint(sample, async () => new Metered(result, undefined)));

    expect(Object.keys(response.headers ?? {}).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect(response.json()).toEqual(result);
  });

  it.each([
    ['invalid-authentication-code', 422],
    ['throttled', 429],
    ['upstream-failed', 502],
  ] as const)('tells the same with the problem %s, and in headers alone', async (code, status) => {
    const rateLimit = { left: 0, resetSeconds: 42 };
    const refused = endpoint(sample, async () => {
      throw new Problem(code, 'No.', { retryAfter: 42, rateLimit });
    });

    const response = await invoke(refused);

    expect(response.statusCode).toBe(status);
    expect(response.headers).toMatchObject({
      'ratelimit-policy': '"codes";q=5;w=180',
      ratelimit: '"codes";r=0;t=42',
      'retry-after': '42',
    });
    expect(response.json()).toMatchObject({ code, retryAfter: 42 });
    expect(response.body).not.toMatch(/rateLimit|resetSeconds/);
  });

  it('lets nothing out that the contract does not name', async () => {
    const leaking = endpoint(sample, async () => ({ ...result, internal: 'do-not-show' }));

    const response = await invoke(leaking);

    expect(response.statusCode).toBe(500);
    expect(response.body + lines.join('')).not.toMatch(/do-not-show|secret-key|session-token/);
  });

  it('answers a problem as a problem document', async () => {
    const failing = endpoint(sample, async () => {
      throw new Problem('busy', 'Wait a moment.', { retryAfter: 2, awsRequestId: 'aws-1' });
    });

    const response = await invoke(failing);

    expect(response).toMatchObject({
      statusCode: 409,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'retry-after': '2',
      },
    });
    expect(response.json()).toEqual({
      type: '/problems/busy',
      title: 'Another change is under way',
      status: 409,
      detail: 'Wait a moment.',
      code: 'busy',
      requestId: 'request-1',
      retryAfter: 2,
      awsRequestId: 'aws-1',
    });
  });

  it('shows and logs nothing of what an unexpected error says', async () => {
    const failing = endpoint(sample, async () => {
      throw new TypeError('cannot read seed JBSWY3DPEHPK3PXP', { cause: new Error('code 123456') });
    });

    const response = await invoke(failing);

    expect(response.statusCode).toBe(500);
    expect(response.body).not.toMatch(/TypeError|seed/);
    expect(lines.join('')).toContain('TypeError');
    expect(lines.join('')).not.toMatch(/JBSWY3DPEHPK3PXP|123456"/);
  });

  it('logs one line per request, without what came in or went out', async () => {
    await invoke(
      endpoint(sample, async () => result),
      apiEvent({ headers: { 'x-amz-security-token': 'the-token' } }),
    );

    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toEqual([
      expect.objectContaining({
        message: 'request',
        requestId: 'request-1',
        operation: 'get-me',
        status: 201,
        userArn: 'arn:aws:iam::123456789012:user/alice',
      }),
    ]);
    expect(lines.join('')).not.toMatch(/the-token|secret-key|session-token/);
  });

  it('aborts its work in time to answer before the function is ended', async () => {
    const waiting = endpoint(
      sample,
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Problem('timeout', 'Too late.')));
        }),
    );

    const response = await waiting(apiEvent(), lambdaContext(1510));

    expect(response.statusCode).toBe(504);
  });

  it('asks who calls before it looks at the input', async () => {
    const never = vi.fn();

    const response = await invoke(
      endpoint(sample, never),
      apiEvent({ identity: { userArn: 'arn:aws:iam::123456789012:root' }, body: 'x' }),
    );

    expect(response.statusCode).toBe(403);
    expect(never).not.toHaveBeenCalled();
  });
});
