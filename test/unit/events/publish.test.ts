import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../../shared/contract/events/schemas.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import type { Listener } from '../../../shared/events/listeners.ts';
import { unpackBatch } from '../../../shared/events/log-batch.ts';
import type { BusEntry, EventBus, Tell } from '../../../shared/events/ports.ts';
import { type PublishContext, publish } from '../../../shared/events/publish.ts';
import { deviceLine, logsEvent, recoveryFacts, recoveryLine } from '../../support/events.ts';

const line = (members: object = {}) => JSON.stringify({ ...deviceLine, ...members });
const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => line({ requestId: `request-${index}` }));

/** A bus that refuses some entries, by the number of the call. */
function fakeBus(refuse: (entries: readonly BusEntry[], call: number) => readonly BusEntry[] = () => []) {
  const calls: (readonly BusEntry[])[] = [];
  const bus: EventBus = {
    put: async (entries) => {
      calls.push(entries);
      return refuse(entries, calls.length);
    },
  };
  return { bus, calls };
}

const nobody = { 'notify-subject': undefined, 'report-outcome': undefined };

async function publishing(event: unknown, bus: EventBus, listeners: PublishContext['listeners'] = nobody) {
  const unreadable: string[] = [];
  const onUnreadable = (id: string) => unreadable.push(id);
  const signal = new AbortController().signal;
  const context = { bus, listeners, stage: 'prod', signal, onUnreadable };
  const published = await publish(unpackBatch(event), context);
  return { published, unreadable };
}

/** Functions that are told of events, some of which cannot be invoked. */
function fakeListeners(fails: (event: ServiceEvent) => boolean = () => false) {
  const told: (readonly [Listener, ServiceEvent])[] = [];
  const listening =
    (name: Listener): Tell =>
    async (event) => {
      if (fails(event)) throw new Problem('throttled', 'Too many.');
      told.push([name, event]);
    };
  const listeners = {
    'notify-subject': listening('notify-subject'),
    'report-outcome': listening('report-outcome'),
  };
  return { listeners, told };
}

const requestIds = (entries: readonly BusEntry[]) =>
  entries.map(({ detail }) => JSON.parse(detail).requestId);

describe('audit lines', () => {
  it('become events of the stage under the ids of the lines, as of their time', async () => {
    const { bus, calls } = fakeBus();
    const { published } = await publishing(logsEvent([line()]), bus);
    expect(published).toEqual({ lines: 1, published: 1, told: 0, unreadable: 0 });
    expect(calls).toEqual([
      [
        {
          time: Date.parse(deviceLine.time),
          detailType: 'MFA Device Enabled',
          detail: expect.stringContaining(`"stage":"prod","id":"${'1'.padStart(56, '3')}"`),
          resources: [deviceLine.userArn, deviceLine.serialNumber],
        },
      ],
    ]);
  });

  it('are put ten at a time, in their order', async () => {
    const { bus, calls } = fakeBus();
    await publishing(logsEvent(lines(23)), bus);
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(requestIds(calls.flat())).toEqual(Array.from({ length: 23 }, (_, index) => `request-${index}`));
  });

  it('that tell of no change need no bus', async () => {
    const { bus, calls } = fakeBus();
    const { published } = await publishing(logsEvent([line({ result: 'refused' })]), bus);
    expect(published).toEqual({ lines: 1, published: 0, told: 0, unreadable: 0 });
    expect(calls).toEqual([]);
  });

  it('that cannot be read do not keep the others', async () => {
    const { bus, calls } = fakeBus();
    const messages = ['{"audit":true', line({ action: 'unknown' }), line()];
    const { published, unreadable } = await publishing(logsEvent(messages), bus);
    expect(published).toEqual({ lines: 3, published: 1, told: 0, unreadable: 2 });
    expect(unreadable).toEqual([1, 2].map((id) => String(id).padStart(56, '3')));
    expect(calls.flat()).toHaveLength(1);
  });
});

describe('events that the bus did not take', () => {
  it('are put again, and only they', async () => {
    const { bus, calls } = fakeBus((entries, call) => (call === 1 ? entries.slice(1, 2) : []));
    const { published } = await publishing(logsEvent(lines(3)), bus);
    expect(calls.map(requestIds)).toEqual([['request-0', 'request-1', 'request-2'], ['request-1']]);
    expect(published.published).toBe(3);
  });

  it('fail the run when that does not help, after all others were put', async () => {
    const { bus, calls } = fakeBus((entries) =>
      entries.filter(({ detail }) => detail.includes('"request-0"')),
    );
    await expect(publishing(logsEvent(lines(12)), bus)).rejects.toMatchObject({ code: 'upstream-failed' });
    expect(new Set(requestIds(calls.flat())).size).toBe(12);
    expect(calls.map(({ length }) => length)).toEqual([10, 2, 1, 1]);
  });
});

describe('the functions that act on events', () => {
  const denied = JSON.stringify({
    ...recoveryLine,
    action: 'deny-recovery',
    recovery: { ...recoveryFacts, state: 'denied' },
  });

  it('are told of those that they act on', async () => {
    const { listeners, told } = fakeListeners();
    const batch = logsEvent([line(), denied, JSON.stringify(recoveryLine), line({ action: 'tag-device' })]);
    const { published } = await publishing(batch, fakeBus().bus, listeners);
    expect(told.map(([name, event]) => [name, event['detail-type']])).toEqual([
      ['notify-subject', 'MFA Device Enabled'],
      ['notify-subject', 'MFA Recovery Denied'],
      ['report-outcome', 'MFA Recovery Denied'],
      ['notify-subject', 'MFA Recovery Requested'],
    ]);
    expect(published.told).toBe(4);
  });

  it('are told what is put on the bus', async () => {
    const { bus, calls } = fakeBus();
    const { listeners, told } = fakeListeners();
    await publishing(logsEvent([denied]), bus, listeners);
    const [entry] = calls.flat();
    for (const [, event] of told) expect(event.detail).toEqual(JSON.parse(entry?.detail ?? ''));
  });

  it('are not invoked when they have nothing to do', async () => {
    const { listeners, told } = fakeListeners();
    const { published } = await publishing(logsEvent([denied]), fakeBus().bus, {
      ...listeners,
      'report-outcome': undefined,
    });
    expect(told.map(([name]) => name)).toEqual(['notify-subject']);
    expect(published.told).toBe(1);
  });

  it('are told even if the bus takes nothing; the run fails, and is tried again', async () => {
    const { listeners, told } = fakeListeners();
    const { bus } = fakeBus((entries) => entries);
    await expect(publishing(logsEvent([line()]), bus, listeners)).rejects.toMatchObject({
      code: 'upstream-failed',
    });
    expect(told).toHaveLength(1);
  });

  it('do not keep events from the bus, nor from each other, when one cannot be invoked', async () => {
    const { bus, calls } = fakeBus();
    const { listeners, told } = fakeListeners(({ detail }) => detail.requestId === 'request-0');
    await expect(publishing(logsEvent(lines(25)), bus, listeners)).rejects.toMatchObject({
      code: 'throttled',
    });
    expect(calls.flat()).toHaveLength(25);
    expect(told).toHaveLength(24);
  });
});

describe('what CloudWatch Logs sends', () => {
  it('to try whether it may deliver has no lines', () => {
    expect(unpackBatch(logsEvent([line()], 'CONTROL_MESSAGE')).lines).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no batch', {}],
    ['no gzip', { awslogs: { data: 'AAAA' } }],
    ['no JSON', { awslogs: { data: gzipSync('{"secret').toString('base64') } }],
    ['no lines', { awslogs: { data: gzipSync('{"secret":"secret"}').toString('base64') } }],
    ['an unknown type', logsEvent([line()], 'OTHER')],
    ['more than can be taken', logsEvent(['x'.repeat(33 * 1024 * 1024)])],
  ])('is refused when it is %s, and not quoted', (_, event) => {
    expect(() => unpackBatch(event)).toThrow(/^(?!.*secret).{1,100}$/);
  });
});
