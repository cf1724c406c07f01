import { createServer, type Server } from 'node:http';
import { DeleteVirtualMFADeviceCommand, IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { instrumentedClient } from '../../../shared/aws/instrument.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';

let server: Server;
afterEach(() => close(server));

const answers = {
  success: [200, '<DeleteVirtualMFADeviceResponse></DeleteVirtualMFADeviceResponse>'],
  refusal: [404, '<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>'],
  failure: [500, '<ErrorResponse><Error><Code>ServiceFailure</Code></Error></ErrorResponse>'],
  malformed: [200, 'no XML'],
} as const;

type Kind = keyof typeof answers | 'reset';

/** What is observed of a call that is answered so, one time after the other. */
async function send(call: (client: IAMClient) => Promise<unknown>, ...kinds: Kind[]) {
  server = createServer((request, response) => {
    const kind = kinds.shift() ?? 'success';
    if (kind === 'reset') return request.socket.destroy();
    const [status, body] = answers[kind];
    return response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  const client = instrumentedClient(
    new IAMClient({
      endpoint: await listen(server, 0),
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    }),
  );
  return withInvocation(async () => {
    const failed = await call(client).then(
      () => false,
      () => true,
    );
    client.destroy();
    return { ...currentInvocation(), failed };
  });
}

const change = (client: IAMClient) =>
  client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: 'arn:aws:iam::123456789012:mfa/x' }));
const read = (client: IAMClient) => client.send(new ListMFADevicesCommand({}));

describe('a client', () => {
  it.each<[string, Kind[], { calls: number; changes: string[]; failed: boolean }]>([
    ['that succeeds', ['success'], { calls: 1, changes: ['DeleteVirtualMFADevice'], failed: false }],
    ['that is refused', ['refusal'], { calls: 1, changes: [], failed: true }],
    [
      'that is tried again',
      ['failure', 'success'],
      { calls: 2, changes: ['DeleteVirtualMFADevice'], failed: false },
    ],
    [
      'whose first try may have done it',
      ['failure', 'refusal'],
      { calls: 2, changes: ['DeleteVirtualMFADevice'], failed: true },
    ],
    [
      'whose answer was lost',
      ['reset', 'refusal'],
      { calls: 2, changes: ['DeleteVirtualMFADevice'], failed: true },
    ],
    [
      'whose answer is no XML',
      ['malformed'],
      { calls: 1, changes: ['DeleteVirtualMFADevice'], failed: true },
    ],
  ])('notes of a change %s', async (_, kinds, { calls, changes, failed }) => {
    const seen = await send(change, ...kinds);
    expect({ calls: seen.upstreamCalls, changes: [...seen.changes], failed: seen.failed }).toEqual({
      ...{ calls, changes, failed },
    });
  });

  it('notes no change of a call that only reads', async () => {
    const seen = await send(read, 'failure', 'refusal');
    expect(seen).toMatchObject({ upstreamCalls: 2, failed: true });
    expect([...seen.changes]).toEqual([]);
  });

  it('takes the time of its calls', async () => {
    expect((await send(change, 'success')).upstreamMillis).toBeGreaterThan(0);
  });
});
