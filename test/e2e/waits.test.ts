import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close } from '../../local-aws/servers.ts';
import { mostInSequence } from '../bench/upstream.ts';
import { ordinaryRequests, type SentRequest } from '../bench/upstream-requests.ts';
import { type SequenceProxy, startSequenceProxy } from '../support/sequence-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let proxy: SequenceProxy;
let stack: TestStack;
let sent: readonly SentRequest[];

beforeAll(async () => {
  proxy = await startSequenceProxy(() => stack.awsUrl);
  stack = await startTestStack({ env: { AWS_ENDPOINT_URL: proxy.url, STS_ENDPOINT: proxy.url } });
  sent = await ordinaryRequests(stack, proxy);
}, 60_000);
afterAll(async () => {
  await stack.close();
  await close(proxy.server);
});

describe('a request waits for no more calls to AWS than it must', () => {
  it.each(Object.entries(mostInSequence))('%s: %i', (request, most) => {
    const found = sent.find(({ operation }) => operation === request);

    expect({ calls: found?.calls, inSequence: found?.inSequence }).toSatisfy(
      ({ inSequence = Number.NaN }) => inSequence > 0 && inSequence <= most,
    );
  });
});
