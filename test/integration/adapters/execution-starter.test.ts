import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { recoveryFunction } from '../../support/recovery-function.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the start of an execution', () => {
  let server: Server;
  let url: string;
  const seen: unknown[] = [];
  let status = 202;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const type = request.headers['x-amz-invocation-type'];
        seen.push([request.url, type, Buffer.concat(chunks).toString()]);
        response.writeHead(status, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
      });
    });
    url = await listen(server, 0);
  });
  afterAll(() => close(server));

  const variables = () => ({ AWS_ENDPOINT_URL_LAMBDA: url, EXECUTOR_NAME: 'executor' });

  it('invokes the executor and does not wait for it', async () => {
    const { starter } = await recoveryFunction({ url: 'http://127.0.0.1:9', variables: variables() });

    await starter.start('abc');

    expect(seen).toEqual([['/2015-03-31/functions/executor/invocations', 'Event', '{"recoveryId":"abc"}']]);
  });

  it('is a problem if Lambda does not accept it', async () => {
    status = 404;
    const { starter } = await recoveryFunction({ url: 'http://127.0.0.1:9', variables: variables() });

    await expect(starter.start('abc')).rejects.toEqual(expect.objectContaining({ code: 'upstream-failed' }));
  });
});
