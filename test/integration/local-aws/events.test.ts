import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventStage, failureOf, keyOf, type LocalAws, policy, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const put = (Entries: PutEventsRequestEntry[], user = 'admin') =>
  aws.events(keyOf(user)).send(new PutEventsCommand({ Entries }));

const enabled = {
  Source: 'mfa-self-service',
  DetailType: 'MFA Device Enabled',
  Detail: JSON.stringify({ version: '1', stage: eventStage, subject: { userName: 'bob' } }),
  Resources: ['arn:aws:iam::123456789012:user/bob'],
  Time: new Date('2026-11-24T08:00:00Z'),
};

describe('an event', () => {
  it('is stored as targets see it', async () => {
    const { Entries = [], FailedEntryCount } = await put([enabled]);
    expect(FailedEntryCount).toBe(0);
    expect(aws.bus.events).toEqual([
      {
        version: '0',
        id: Entries[0]?.EventId,
        'detail-type': 'MFA Device Enabled',
        source: 'mfa-self-service',
        account: '123456789012',
        time: '2026-11-24T08:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:iam::123456789012:user/bob'],
        detail: { version: '1', stage: eventStage, subject: { userName: 'bob' } },
      },
    ]);
  });

  it('without a time gets that of the local clock', async () => {
    aws.clock.advance(3600);
    const { Time: _, ...timeless } = enabled;
    await put([timeless]);
    const ahead = Date.parse(aws.bus.events[0]?.time ?? '') - aws.clock.now();
    expect(Math.abs(ahead)).toBeLessThan(5000);
  });

  it('goes to the topic of the rule it matches, and to no function', async () => {
    await put([enabled, { ...enabled, DetailType: 'MFA Recovery Executed' }]);
    const events = aws.bus.events;
    expect(aws.invoked).toEqual([]);
    expect(aws.bus.notifications.map(({ topic, message }) => [topic, JSON.parse(message)])).toEqual(
      events.map((event) => ['operators', event]),
    );
    expect(aws.bus.deliveries.map(({ rule, target, eventId }) => [rule, target, eventId])).toEqual(
      events.map(({ id }) => ['notify-operators', 'operators', id]),
    );
  });

  it.each([
    ['source', { Source: 'somebody' }],
    ['stage', { Detail: '{"version":"1","stage":"other","subject":{"userName":"bob"}}' }],
  ])('of another %s goes nowhere', async (_what, changes) => {
    await put([{ ...enabled, ...changes }]);
    expect(aws.bus.events).toHaveLength(1);
    expect(aws.bus.deliveries).toEqual([]);
  });

  it('on another bus goes nowhere', async () => {
    const { Entries = [] } = await put([{ ...enabled, EventBusName: 'other' }]);
    expect(Entries[0]?.EventId).toMatch(/^[\da-f-]{36}$/);
    expect(aws.bus.events).toEqual([]);
  });

  it.each(['default', 'arn:aws:events:us-east-1:123456789012:event-bus/default'])(
    'can name the default bus: %s',
    async (EventBusName) => {
      await put([{ ...enabled, EventBusName }]);
      expect(aws.bus.events).toHaveLength(1);
    },
  );
});

describe('an invalid entry', () => {
  const missing = (name: string) => `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;

  it.each([
    ['Source', '', 'InvalidArgument', missing('Source')],
    ['DetailType', '', 'InvalidArgument', missing('DetailType')],
    ['Detail', '', 'InvalidArgument', missing('Detail')],
    ['Detail', '{', 'MalformedDetail', 'Detail is malformed.'],
    ['Detail', '[]', 'MalformedDetail', 'Detail is malformed.'],
    ['Source', 'aws.iam', 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
  ])('fails alone: %s %j', async (name, value, ErrorCode, ErrorMessage) => {
    const answer = await put([enabled, { ...enabled, [name]: value }, enabled]);
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[1]).toEqual({ ErrorCode, ErrorMessage });
    expect(aws.bus.events).toHaveLength(2);
  });
});

describe('a request', () => {
  it.each([
    [0, 'greater than or equal to 1'],
    [11, 'less than or equal to 10'],
  ])('with %d entries is refused', async (count, constraint) => {
    expect(await failureOf(put(Array(count).fill(enabled)))).toEqual({
      status: 400,
      code: 'ValidationException',
      message: `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`,
    });
    expect(aws.bus.events).toEqual([]);
  });

  it('without entries is refused', async () => {
    const failure = await failureOf(aws.events(keyOf('admin')).send(new PutEventsCommand(JSON.parse('{}'))));
    expect(failure.message).toBe(
      "1 validation error detected: Value null at 'entries' failed to satisfy constraint: Member must not be null",
    );
  });

  it('over 256 KB is refused', async () => {
    const Detail = JSON.stringify({ text: 'x'.repeat(128 * 1024) });
    const failure = await failureOf(
      put([
        { ...enabled, Detail },
        { ...enabled, Detail },
      ]),
    );
    expect(failure.message).toBe('Total size of the entries in the request is over the limit.');
    await expect(put([{ ...enabled, Detail }])).resolves.toBeDefined();
  });
});

describe('a policy', () => {
  const allow = (key: string, value: string) =>
    aws.iam(keyOf('admin')).send(
      new PutUserPolicyCommand({
        UserName: 'ann',
        PolicyName: 'put',
        PolicyDocument: policy('events:PutEvents', '*', { Condition: { StringEquals: { [key]: value } } }),
      }),
    );

  it.each([
    ['events:source', 'mfa-self-service', { Source: 'other' }],
    ['events:detail-type', 'MFA Device Enabled', { DetailType: 'other' }],
  ])('can require %s on every entry', async (key, value, change) => {
    await allow(key, value);
    await expect(put([enabled], 'ann')).resolves.toMatchObject({ FailedEntryCount: 0 });
    const both = await failureOf(put([enabled, { ...enabled, ...change }], 'ann'));
    expect(both.code).toBe('AccessDeniedException');
    expect(aws.bus.events).toHaveLength(1);
  });
});
