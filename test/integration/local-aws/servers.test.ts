import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { close, httpServer, listen } from '../../../local-aws/servers.ts';

const soon = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 };
const server = httpServer((request, response) => {
  request.resume().on('end', () => response.end('done'));
}, soon);
afterEach(() => close(server));

it.each([
  ['head', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
  ['body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx'],
])('closes a connection whose %s does not arrive', async (_, sent) => {
  const { port, hostname } = new URL(await listen(server, 0));
  const socket = connect(Number(port), hostname);
  socket.write(sent);

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

it('has limits unless a test sets others', () => {
  const { headersTimeout, requestTimeout } = httpServer();
  expect([headersTimeout, requestTimeout]).toEqual([20_000, 30_000]);
});
