import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostInSequence } from '../bench/upstream.ts';
import { ordinaryRequests, type SentRequest } from '../bench/upstream-requests.ts';
import { startBehindProxy } from '../support/sequence-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let behind: Awaited<ReturnType<typeof startBehindProxy<TestStack>>>;
let sent: readonly SentRequest[];

beforeAll(async () => {
  behind = await startBehindProxy(startTestStack);
  const { stack, proxy } = behind;
  sent = await ordinaryRequests(stack, proxy);
}, 60_000);
afterAll(() => behind.close());

describe('a request waits for no more calls to AWS than it must', () => {
  it.each(Object.entries(mostInSequence))('%s: %i', (request, most) => {
    const found = sent.find(({ operation }) => operation === request);

    expect({ calls: found?.calls, inSequence: found?.inSequence }).toSatisfy(
      ({ inSequence = Number.NaN }) => inSequence > 0 && inSequence <= most,
    );
  });
});
