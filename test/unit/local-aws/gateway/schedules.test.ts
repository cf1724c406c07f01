import { afterEach, describe, expect, it, vi } from 'vitest';
import { scheduledEvent, schedules, startSchedules } from '../../../../local-aws/schedules.ts';
import { scheduledFunctions } from '../../../../shared/contract/background-functions.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('schedules', () => {
  it('are there for every scheduled function, and none else', () => {
    expect(Object.keys(schedules).sort()).toEqual(scheduledFunctions.map(({ name }) => name).sort());
  });

  it('run recoveries every minute and expired devices every hour, until they are ended', () => {
    vi.useFakeTimers();
    const runs: string[] = [];
    const end = startSchedules((name) => runs.push(name));
    vi.advanceTimersByTime(3_600_000);
    end();
    vi.advanceTimersByTime(3_600_000);
    const counts = Object.fromEntries(
      [...Map.groupBy(runs, (name) => name)].map(([name, all]) => [name, all.length]),
    );
    expect(counts).toEqual({ 'execute-recoveries': 60, 'delete-expired-devices': 1 });
  });

  it('give the event that EventBridge gives', () => {
    expect(scheduledEvent('execute-recoveries', Date.parse('2026-11-24T08:00:00.500Z'))).toEqual({
      version: '0',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: '2026-11-24T08:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:123456789012:rule/execute-recoveries'],
      detail: {},
    });
  });
});
