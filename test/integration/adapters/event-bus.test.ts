import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { eventBus } from '../../../shared/aws/event-bus.ts';
import type { BusEntry } from '../../../shared/events/ports.ts';

const received: unknown[] = [];
let answer: { readonly status: number; readonly body: object } = { status: 200, body: {} };

/** An EventBridge that gives the answer a test wants. */
const server = createServer(async (request, response) => {
  received.push(JSON.parse((await request.toArray()).join('')));
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(answer.body));
});

beforeAll(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', await listen(server, 0));
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  received.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await close(server);
});

const entry = (detail: string): BusEntry => ({
  time: Date.parse('2026-11-24T12:00:05.000Z'),
  detailType: 'MFA Device Enabled',
  detail,
  resources: ['arn:aws:iam::123456789012:user/alice'],
});
const entries = [entry('{"a":1}'), entry('{"b":2}'), entry('{"c":3}')];
const put = () => eventBus(new AbortController().signal).put(entries);

describe('the event bus', () => {
  it('receives every part of an event', async () => {
    answer = { status: 200, body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'x' })) } };
    expect(await put()).toEqual([]);
    expect(received).toEqual([
      {
        Entries: entries.map(({ detail }) => ({
          Time: Date.parse('2026-11-24T12:00:05.000Z') / 1000,
          Source: 'mfa-self-service',
          DetailType: 'MFA Device Enabled',
          Detail: detail,
          Resources: ['arn:aws:iam::123456789012:user/alice'],
        })),
      },
    ]);
  });

  it.each([
    ['one that failed', [{ EventId: 'x' }, { ErrorCode: 'InternalFailure' }, { EventId: 'y' }], [entries[1]]],
    ['those of which it says nothing', [{ EventId: 'x' }], entries.slice(1)],
    ['all where it says nothing at all', undefined, entries],
  ])('returns %s', async (_, Entries, left) => {
    answer = { status: 200, body: { FailedEntryCount: 1, ...(Entries && { Entries }) } };
    expect(await put()).toEqual(left);
  });

  it('that answers unexpectedly is a problem', async () => {
    answer = { status: 400, body: { __type: 'AccessDeniedException', message: 'secret text' } };
    await expect(put()).rejects.toMatchObject({
      ...{ name: 'Problem', code: 'upstream-failed', message: expect.not.stringContaining('secret text') },
    });
  });
});
