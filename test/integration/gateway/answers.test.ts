import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, testRole } from '../../support/gateway.ts';
import { rawFetch, signedFetch } from '../../support/http.ts';

const megabyte = 1024 * 1024;

let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway({ callers: [testRole] });
});
afterAll(() => running.close());

const tell = (what: string, headers: Record<string, string> = {}) =>
  signedFetch(running.url, testRole.keys, 'GET', `/v1/me?do=${what}`, undefined, headers);

describe('the answer of a function', () => {
  it('is passed on with its headers', async () => {
    const answer = await tell('headers');
    expect(answer).toMatchObject({ status: 201, text: 'made' });
    expect(answer.headers).toMatchObject({
      'x-one': '1',
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'application/json',
      'x-amzn-remapped-www-authenticate': 'Basic',
      'x-amzn-remapped-date': 'yesterday',
    });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('can have no body', async () => {
    expect(await tell('no-body')).toMatchObject({ status: 204, text: '' });
  });

  it("carries AWS's ids and the real time, whatever the local clock says", async () => {
    running.clock.advance(86_400);
    const { headers, json } = await tell('echo');
    expect(headers).toMatchObject({
      'x-amzn-requestid': json().event.requestContext.requestId,
      'x-amz-apigw-id': json().event.requestContext.extendedRequestId,
    });
    expect(Math.abs(Date.parse(headers.date ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['image/png', true],
    ['image/png;q=0.9, application/json', true],
    ['application/json, image/png', false],
    ['*/*', false],
  ])('in base64 is decoded for Accept %s: %s', async (accept, decoded) => {
    const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00]);
    const answer = await tell('binary', { Accept: accept });
    expect(answer.body).toEqual(decoded ? bytes : Buffer.from(bytes.toString('base64')));
  });
});

describe('a function that fails', () => {
  it.each([
    'throw',
    'exit',
    'nothing',
    'text',
    'no-status',
    'object-body',
    'unknown-member',
    'bad-header',
    'bad-status',
  ])('yields a 502 without detail for the result: %s', async (what) => {
    const answer = await tell(what);
    expect(answer.status).toBe(502);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-amzn-errortype': 'InternalServerErrorException',
    });
    expect(answer.json()).toMatchObject({ status: 502, requestId: answer.headers['x-amzn-requestid'] });
    expect(answer.text).not.toContain('puppet');
  });

  it('yields a 502 when it exceeds its timeout', async () => {
    const impatient = await startTestGateway({ callers: [testRole], functionTimeoutMs: 200 });
    const { status } = await signedFetch(impatient.url, testRole.keys, 'GET', '/v1/me?do=hang');
    expect(status).toBe(502);
    expect(impatient.lambda.logs.map(({ line }) => line).join()).toContain(
      'Task timed out after 0.20 seconds',
    );
    await impatient.close();
  });

  it('yields a 504 when it takes longer than the gateway waits', async () => {
    const impatient = await startTestGateway({ callers: [testRole], integrationTimeoutMs: 200 });
    const answer = await signedFetch(impatient.url, testRole.keys, 'GET', '/v1/me?do=hang');
    expect(answer.json()).toMatchObject({ status: 504, code: 'timeout' });
    await impatient.close();
  });

  it('yields a 500 when it cannot be invoked', async () => {
    const broken = await startTestGateway({
      callers: [testRole],
      invoke: () => Promise.reject(new Error('secret detail')),
    });
    const answer = await signedFetch(broken.url, testRole.keys, 'GET', '/v1/me');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret detail');
    await broken.close();
  });
});

describe('a request the gateway cannot take', () => {
  it('is accepted up to 10 MB', async () => {
    const answer = await signedFetch(
      running.url,
      testRole.keys,
      'POST',
      '/v1/me/sessions?do=count',
      Buffer.alloc(10 * megabyte),
    );
    expect(answer.status).toBe(200);
  });

  it('is refused above 10 MB without being read', async () => {
    const target = '/v1/me/sessions';
    const answer = await rawFetch(
      running.url,
      'POST',
      target,
      { 'Content-Length': String(10 * megabyte + 1) },
      'x',
    );
    expect(answer.json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('is refused above 10 MB without a declared length', async () => {
    const { port } = new URL(running.url);
    const chunk = Buffer.alloc(megabyte);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /v1/me/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let sent = 0; sent < 11; sent += 1) {
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write('\r\n');
    }
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('is refused when its target is not a path', async () => {
    const answer = await signedFetch(running.url, testRole.keys, 'GET', 'http://127.0.0.1/v1/me');
    expect(answer.status).toBe(400);
  });
});
