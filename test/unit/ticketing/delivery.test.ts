import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { deliver, type RetryPolicy, retryPolicy } from '../../../shared/ticketing/delivery.ts';
import { ForbiddenAddress } from '../../../shared/ticketing/post.ts';

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the receiver does with each request in turn; the last one repeats. */
let answers: ((response: ServerResponse) => void)[];
let received: Received[];
let server: Server;
let baseUrl: string;
let logged: string;

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end('whatever');
const hangUp = (response: ServerResponse) => response.destroy();
const silence = () => undefined;

beforeEach(async () => {
  received = [];
  logged = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged += text;
    return true;
  });
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, path: url, headers, body: (await request.toArray()).join('') });
    (answers.length > 1 ? answers.shift() : answers[0])?.(response);
  });
  baseUrl = await listen(server, 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await close(server);
});

const quick: RetryPolicy = { attempts: 3, timeoutMillis: 2_000, pauseMillis: 1, longestPauseMillis: 5 };

function send(
  options: { url?: string; privateAddresses?: boolean; retryPolicy?: RetryPolicy; signal?: AbortSignal } = {},
) {
  let attempt = 0;
  const { url = `${baseUrl}/outcome?a=b`, privateAddresses = true, signal } = options;
  const make = () => {
    attempt += 1;
    const headers = { 'content-type': 'application/json', 'x-attempt': String(attempt) };
    return { url: new URL(url), headers, body: '{"ticket":"Größe"}', privateAddresses };
  };
  return deliver(make, signal ?? new AbortController().signal, options.retryPolicy ?? quick);
}

/** Aborts once the answer is in the log, during the pause, and checks that the pause was not over. */
async function expectAbortedWhileWaiting(patient: RetryPolicy): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = expect(send({ signal, retryPolicy: patient })).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => logged).toContain('webhook not taken');
  controller.abort();
  await ended;
  expect(received).toHaveLength(1);
}

describe('a webhook', () => {
  it('is accepted with any success status, and sent unchanged', async () => {
    answers = [status(204)];
    await send();
    expect(received).toEqual([
      {
        method: 'POST',
        path: '/outcome?a=b',
        headers: expect.objectContaining({ 'content-type': 'application/json', 'content-length': '20' }),
        body: '{"ticket":"Größe"}',
      },
    ]);
    expect(logged).toBe('');
  });

  it.each([
    ['fails', status(500)],
    ['is not there', status(503)],
    ['is slow', status(408)],
    ['has too much to do', status(429)],
    ['hangs up', hangUp],
  ])('is rebuilt and sent again to a receiver that %s', async (_what, answer) => {
    answers = [answer, answer, status(200)];
    await send();
    expect(received.map(({ headers }) => headers['x-attempt'])).toEqual(['1', '2', '3']);
  });

  it('is sent again to a receiver that does not answer in time', async () => {
    answers = [silence, status(200)];
    await send({ retryPolicy: { ...quick, timeoutMillis: 300 } });
    expect(received).toHaveLength(2);
  });

  it('is given up in the end, and logged without address or content', async () => {
    answers = [status(503), hangUp];
    await expect(send()).rejects.toMatchObject({ name: 'NotDelivered' });
    expect(received).toHaveLength(3);
    expect(logged).toContain('"status":503');
    expect(logged).toContain('"error":"ECONNRESET"');
    expect(logged).not.toMatch(/outcome|Größe|127\.0\.0\.1/);
  });

  it.each([400, 401, 403, 404, 410, 301, 302, 307, 308])(
    'is given up at once by status %i, and no redirect is followed',
    async (code) => {
      answers = [status(code, { location: `${baseUrl}/elsewhere` })];
      await expect(send()).rejects.toMatchObject({ name: 'NotDelivered' });
      expect(received.map(({ path }) => path)).toEqual(['/outcome?a=b']);
    },
  );

  it('waits as long as the receiver asks for', async () => {
    answers = [status(429, { 'retry-after': '600' }), status(200)];
    await expectAbortedWhileWaiting({ ...quick, longestPauseMillis: 600_000 });
  });

  it.each(['86400', 'Wed, 25 Nov 2026 08:00:00 GMT', '-1', ''])(
    'waits no longer than allowed for a receiver that asks for %j',
    async (value) => {
      answers = [status(429, { 'retry-after': value }), status(200)];
      await send();
      expect(received).toHaveLength(2);
    },
  );

  it('waits no longer than its function runs', async () => {
    answers = [status(503)];
    await expectAbortedWhileWaiting({ ...quick, pauseMillis: 600_000, longestPauseMillis: 600_000 });
  });

  it('is tried within the 60 seconds of its function', () => {
    const { attempts, timeoutMillis, longestPauseMillis } = retryPolicy;
    expect(attempts * timeoutMillis + (attempts - 1) * longestPauseMillis).toBeLessThan(55_000);
  });

  it.each([
    ['loopback', () => baseUrl],
    ['loopback by its name', () => baseUrl.replace('127.0.0.1', 'localhost')],
    ['loopback in another spelling', () => baseUrl.replace('127.0.0.1', '0x7f.1')],
    ['loopback with encryption', () => baseUrl.replace('http:', 'https:')],
    ['an own network', () => 'https://10.0.0.1/'],
    ['metadata', () => 'https://169.254.169.254/latest/meta-data'],
  ])('goes only to public addresses unless others are allowed: not to %s', async (_where, url) => {
    answers = [status(200)];
    await expect(send({ url: url(), privateAddresses: false })).rejects.toThrow(ForbiddenAddress);
    expect(received).toEqual([]);
  });

  it.each([
    ['metadata', 'https://169.254.169.254/latest/meta-data'],
    ['metadata as IPv6', 'https://[::ffff:169.254.169.254]/'],
    ['all interfaces', 'https://0.0.0.0/'],
    ['an own network without encryption', 'http://10.0.0.1/'],
    ['a public address without encryption', 'http://1.1.1.1/'],
  ])('does not go to %s, even if private addresses are allowed', async (_where, url) => {
    await expect(send({ url })).rejects.toThrow(ForbiddenAddress);
  });

  it('is not sent to a receiver with an untrusted certificate', async () => {
    answers = [status(200)];
    await expect(send({ url: baseUrl.replace('http:', 'https:') })).rejects.toMatchObject({
      name: 'NotDelivered',
    });
    expect(received).toEqual([]);
  });
});
