import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { ordinaryRequests, type SentRequest } from '../bench/upstream-requests.ts';
import { accountArn } from '../support/e2e-flows.ts';
import { startBehindProxy } from '../support/sequence-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** The quota of 5,000, less those that the requests create. */
const others = 4_980;

let behind: Awaited<ReturnType<typeof startBehindProxy<TestStack>>>;
let sent: readonly SentRequest[];

beforeAll(async () => {
  behind = await startBehindProxy(startTestStack);
  const { stack, proxy } = behind;
  for (let index = 0; index < others; index += 1) {
    stack.account.devices.createVirtual(`${accountArn}:mfa/self-service/user-${index}/phone`, []);
  }
  sent = await ordinaryRequests(stack, proxy);
}, 60_000);
afterAll(() => behind.close());

/** Calls of an operation of IAM one after the other are pages of one list. */
const lists = (calls: readonly string[]) =>
  calls.filter((call, index) => call !== 'ListVirtualMFADevices' || calls.indexOf(call) === index);

it('with 5,000 pending devices of others, each operation makes the calls of its contract', async () => {
  const operations = (await loadOperations()).filter(({ actions }) => actions.length > 0);

  const seen = operations.map(({ name, actions }) => {
    const calls = sent.find(({ operation }) => operation === name)?.calls ?? [];
    const ofIam = calls.filter((call) => !['AssumeRole', 'GetSessionToken'].includes(call));
    return { name, calls: ofIam, within: calls.length > 0 && lists(ofIam).length <= actions.length };
  });

  expect(seen.filter(({ within }) => !within)).toEqual([]);
});

it('with 5,000 pending devices of others, a list takes no more than its five pages', () => {
  const pages = sent.map(({ calls }) => calls.filter((call) => call === 'ListVirtualMFADevices').length);

  expect(Math.max(...pages)).toBe(5);
});

it('with 5,000 pending devices of others, creating and enabling take no list of them', () => {
  const changes = [
    'create-first-mfa-device',
    'enable-first-mfa-device',
    'create-mfa-device',
    'enable-mfa-device',
  ];

  const called = sent.filter(({ operation }) => changes.includes(operation));

  expect(called.map(({ operation }) => operation)).toEqual(changes);
  expect(called.flatMap(({ calls }) => calls)).not.toContain('ListVirtualMFADevices');
});
