import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { httpFetch } from '../../../clients/cli/src/http-fetch.ts';
import { close, listen } from '../../../local-aws/servers.ts';

let server: Server | undefined;
afterEach(async () => {
  if (server !== undefined) await close(server);
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  return listen(server, 0);
}

const fetchFrom = (url: string, request: Partial<Parameters<typeof httpFetch>[1]> = {}) =>
  httpFetch(url, {
    method: 'GET',
    headers: {},
    signal: new AbortController().signal,
    ...request,
  });

describe('a request', () => {
  it('is sent unchanged, and its answer returned unchanged', async () => {
    let received = '';
    const url = await serve(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      received = `${request.method} ${request.url} ${request.headers['x-told']} ${body}`;
      response.writeHead(201, { 'X-Some': 'thing', Multiple: ['a', 'b'] });
      response.write(Buffer.from([0xff, 0x00]));
      response.end('ü');
    });
    const answer = await fetchFrom(`${url}/a%2Fb?c=d`, {
      method: 'PUT',
      headers: { 'x-told': 'so' },
      body: 'Größe',
    });
    expect(received).toBe('PUT /a%2Fb?c=d so Größe');
    expect(answer.status).toBe(201);
    expect(['x-some', 'MULTIPLE', 'none'].map((name) => answer.headers.get(name))).toEqual([
      'thing',
      'a, b',
      null,
    ]);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0xff, 0x00, 0xc3, 0xbc]);
  });

  it('follows no redirect', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await fetchFrom(`${url}/here`)).status).toBe(307);
    expect(asked).toEqual(['/here']);
  });

  it('is never sent in cleartext to an https address', async () => {
    let asked = false;
    const url = await serve(() => {
      asked = true;
    });
    await expect(fetchFrom(url.replace('http:', 'https:'))).rejects.toThrow();
    expect(asked).toBe(false);
  });

  it('fails if nothing listens or the connection breaks', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    if (server !== undefined) await close(server);
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('fails if its answer breaks off', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => request.socket.destroy());
    });
    const answer = await fetchFrom(url);
    await expect(answer.arrayBuffer()).rejects.toThrow('aborted');
  });

  it('ends when aborted, before or during its answer', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/within') response.writeHead(200).write('half');
    });
    const before = new AbortController();
    const failure = expect(fetchFrom(url, { signal: before.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    before.abort();
    await failure;
    const within = new AbortController();
    const answer = await fetchFrom(`${url}/within`, { signal: within.signal });
    const body = expect(answer.arrayBuffer()).rejects.toThrow();
    within.abort();
    await body;
  });
});
