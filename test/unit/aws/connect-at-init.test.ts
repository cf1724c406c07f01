import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';

const answer =
  '<GetCallerIdentityResponse><GetCallerIdentityResult></GetCallerIdentityResult></GetCallerIdentityResponse>';

let server: Server;
let client: STSClient;
/** The client's port of each request, and what it asked for. */
const requests: { readonly port: number | undefined; readonly line: string; readonly signed: boolean }[] = [];

beforeEach(async () => {
  requests.length = 0;
  server = createServer((request, response) => {
    const { method, url, headers, socket } = request;
    const signed = headers.authorization !== undefined;
    requests.push({ port: socket.remotePort, line: `${method} ${url}`, signed });
    response.writeHead(method === 'GET' ? 302 : 200, { 'content-type': 'text/xml' }).end(answer);
  });
  client = new STSClient({
    endpoint: await listen(server, 0),
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
});
afterEach(async () => {
  client.destroy();
  await close(server);
  vi.unstubAllEnvs();
});

/** As when a function's module is loaded in an environment of the given type. */
async function initialise(type: string | undefined): Promise<void> {
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', type);
  vi.resetModules();
  const { connectAtInit } = await import('../../../shared/aws/connect-at-init.ts');
  connectAtInit(() => client, GetCallerIdentityCommand);
}

describe('a connection opened at the start', () => {
  it('is the one that the first request uses', async () => {
    await initialise('on-demand');
    await vi.waitUntil(() => requests.length === 1);
    await vi.waitUntil(() => Object.keys(agentOf(client).freeSockets).length === 1);
    await client.send(new GetCallerIdentityCommand({}));

    expect(requests.map(({ line, signed }) => [line, signed])).toEqual([
      ['GET /', false],
      ['POST /', true],
    ]);
    expect(new Set(requests.map(({ port }) => port)).size).toBe(1);
  });

  it.each([undefined, 'provisioned-concurrency', 'snap-start'])('is not opened by type %s', async (type) => {
    await initialise(type);
    await client.send(new GetCallerIdentityCommand({}));

    expect(requests).toHaveLength(1);
  });

  it('fails at nothing where it cannot be opened', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await initialise('on-demand');
    server = createServer((_request, response) => response.end(answer));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  });
});

/** The agent that keeps the client's connections. */
function agentOf({ config }: STSClient): { readonly freeSockets: object } {
  const { config: settled } = config.requestHandler as unknown as {
    readonly config: { readonly httpAgent: { readonly freeSockets: object } };
  };
  return settled.httpAgent;
}
