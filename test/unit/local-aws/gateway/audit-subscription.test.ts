import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LocalClock } from '../../../../local-aws/clock.ts';
import { AuditSubscription, type LogsEvent } from '../../../../local-aws/lambda/audit-subscription.ts';
import { Pending } from '../../../../local-aws/lambda/pending.ts';

function start() {
  const delivered: LogsEvent[] = [];
  const pending = new Pending();
  const subscription = new AuditSubscription({
    clock: new LocalClock(),
    accountId: '123456789012',
    pending,
    subscriber: 'publisher',
    deliver: (event) => delivered.push(event),
  });
  const write = (functionName: string, line: string) =>
    subscription.offer({ functionName, stream: 'stdout', line });
  const batches = () =>
    delivered.map(({ awslogs }) => JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()));
  return { subscription, pending, write, batches };
}

const line = (number: number) => JSON.stringify({ level: 'INFO', audit: true, number });

describe('audit lines', () => {
  it('of a function that come together are given together, in order', async () => {
    const { write, pending, batches } = start();
    write('one', line(1));
    write('one', line(2));
    await pending.settled();
    expect(batches()).toEqual([
      {
        messageType: 'DATA_MESSAGE',
        owner: '123456789012',
        logGroup: '/aws/lambda/one',
        logStream: 'local',
        subscriptionFilters: ['audit'],
        logEvents: [1, 2].map((number) => ({
          id: expect.stringMatching(/^\d{56}$/),
          timestamp: expect.any(Number),
          message: line(number),
        })),
      },
    ]);
  });

  it('each have an id of their own', async () => {
    const { write, pending, batches } = start();
    write('one', line(1));
    await pending.settled();
    write('one', line(1));
    write('two', line(1));
    await pending.settled();
    const ids = batches().flatMap(({ logEvents }) => logEvents.map(({ id }: { id: string }) => id));
    expect(new Set(ids).size).toBe(3);
  });

  it('of several functions are given by their log groups', async () => {
    const { write, pending, batches } = start();
    write('one', line(1));
    write('two', line(2));
    await pending.settled();
    expect(batches().map(({ logGroup }) => logGroup)).toEqual(['/aws/lambda/one', '/aws/lambda/two']);
  });

  it.each([
    ['one', 'audit: true'],
    ['one', '{"audit":true'],
    ['one', '{"audit":"true"}'],
    ['one', '{"audit":false}'],
    ['one', '{"inner":{"audit":true}}'],
    ['one', '["audit"]'],
    ['publisher', line(1)],
  ])('are no others: %s %s', async (functionName, text) => {
    const { write, pending, batches } = start();
    write(functionName, text);
    await pending.settled();
    expect(batches()).toEqual([]);
  });

  it('that wait are forgotten by a pause, and none are taken until its end', async () => {
    const { subscription, write, pending, batches } = start();
    write('one', line(1));
    subscription.pause();
    write('one', line(2));
    await pending.settled();
    subscription.resume();
    write('one', line(3));
    await pending.settled();
    expect(batches().flatMap(({ logEvents }) => logEvents)).toMatchObject([{ message: line(3) }]);
  });
});
