import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../../../local-aws/aws/filter-pattern.ts';
import { LocalClock } from '../../../../local-aws/clock.ts';
import type { SubscriptionFilter } from '../../../../local-aws/cloudformation/logs.ts';
import { LogSubscriptions, type LogsEvent } from '../../../../local-aws/lambda/log-subscriptions.ts';
import { Pending } from '../../../../local-aws/lambda/pending.ts';

const filter = (functionName: string, changes: Partial<SubscriptionFilter> = {}): SubscriptionFilter => ({
  name: `audit-${functionName}`,
  logGroupName: `/aws/lambda/${functionName}`,
  logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${functionName}:*`,
  matches: parseFilterPattern('{ $.audit IS TRUE }'),
  destinationArn: 'arn:aws:lambda:us-east-1:123456789012:function:publisher',
  ...changes,
});

function start(filters = [filter('one'), filter('two')]) {
  const delivered: LogsEvent[] = [];
  const destinations: string[] = [];
  const pending = new Pending();
  const subscription = new LogSubscriptions({
    clock: new LocalClock(),
    accountId: '123456789012',
    pending,
    filters,
    deliver: ({ destinationArn }, event) => {
      delivered.push(event);
      destinations.push(destinationArn);
    },
  });
  const write = (functionName: string, line: string) =>
    subscription.offer({ functionName, stream: 'stdout', line });
  const batches = () =>
    delivered.map(({ awslogs }) => JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()));
  return { subscription, pending, write, batches, destinations };
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
        subscriptionFilters: ['audit-one'],
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
    ['three', line(1)],
  ])('are no others: %s %s', async (functionName, text) => {
    const { write, pending, batches } = start();
    write(functionName, text);
    await pending.settled();
    expect(batches()).toEqual([]);
  });

  it('go to each destination whose filter matches', async () => {
    const errors = filter('one', {
      matches: parseFilterPattern('{ $.level = "ERROR" }'),
      destinationArn: 'b',
    });
    const { write, pending, destinations } = start([filter('one', { destinationArn: 'a' }), errors]);
    write('one', line(1));
    write('one', JSON.stringify({ level: 'ERROR' }));
    write('one', JSON.stringify({ level: 'ERROR', audit: true }));
    await pending.settled();
    expect(destinations).toEqual(['a', 'b']);
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
