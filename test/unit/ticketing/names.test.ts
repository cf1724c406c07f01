import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { ForbiddenAddress, post, type ResolveName } from '../../../shared/ticketing/post.ts';

const resolveName = vi.fn<ResolveName>();
const hosts: (string | undefined)[] = [];
const server = createServer((request, response) => {
  hosts.push(request.headers.host);
  response.end();
});
let port: string;

beforeAll(async () => {
  port = new URL(await listen(server, 0)).port;
});
beforeEach(() => resolveName.mockReset());
afterAll(() => close(server));

const resolveTo = (...answers: readonly (readonly string[])[]) => {
  for (const addresses of answers) {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    resolveName.mockResolvedValueOnce(found);
  }
};
const send = (url: string, privateAddresses: boolean) =>
  post(
    { url: new URL(url), headers: {}, body: '', privateAddresses, signal: AbortSignal.timeout(5_000) },
    resolveName,
  );

describe("a receiver's name", () => {
  it('is resolved once, and the connection made to that address', async () => {
    resolveTo(['127.0.0.1'], ['10.0.0.1']);
    expect(await send(`http://tickets.test:${port}/`, true)).toMatchObject({ status: 200 });
    expect(hosts).toEqual([`tickets.test:${port}`]);
    expect(resolveName).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['one private address', ['10.0.0.1'], false],
    ['a private address beside a public one', ['1.1.1.1', '10.0.0.1'], false],
    ['metadata beside a private one', ['10.0.0.1', '169.254.169.254'], true],
    ['no address', [], true],
  ])('is refused if it has %s', async (_what, addresses, privateAddresses) => {
    resolveTo(addresses);
    await expect(send('https://tickets.test/', privateAddresses)).rejects.toThrow(ForbiddenAddress);
  });

  it('is waited for no longer than the signal allows', async () => {
    resolveName.mockReturnValueOnce(new Promise(() => undefined));
    const url = new URL('https://tickets.test/');
    const signal = AbortSignal.timeout(50);
    const sent = post({ url, headers: {}, body: '', privateAddresses: false, signal }, resolveName);
    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
