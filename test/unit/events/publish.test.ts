import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackBatch } from '../../../shared/events/log-batch.ts';
import type { BusEntry, EventBus } from '../../../shared/events/ports.ts';
import { publish } from '../../../shared/events/publish.ts';
import { deviceLine, logsEvent } from '../../support/events.ts';

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

async function publishing(event: unknown, bus: EventBus) {
  const unreadable: string[] = [];
  const onUnreadable = (id: string) => unreadable.push(id);
  const signal = new AbortController().signal;
  const published = await publish(unpackBatch(event), { bus, stage: 'prod', signal, onUnreadable });
  return { published, unreadable };
}

const requestIds = (entries: readonly BusEntry[]) =>
  entries.map(({ detail }) => JSON.parse(detail).requestId);

describe('audit lines', () => {
  it('become events of the stage under the ids of the lines, as of their time', async () => {
    const { bus, calls } = fakeBus();
    const { published } = await publishing(logsEvent([line()]), bus);
    expect(published).toEqual({ lines: 1, published: 1, unreadable: 0 });
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
    expect(published).toEqual({ lines: 1, published: 0, unreadable: 0 });
    expect(calls).toEqual([]);
  });

  it('that cannot be read do not keep the others', async () => {
    const { bus, calls } = fakeBus();
    const messages = ['{"audit":true', line({ action: 'unknown' }), line()];
    const { published, unreadable } = await publishing(logsEvent(messages), bus);
    expect(published).toEqual({ lines: 3, published: 1, unreadable: 2 });
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
