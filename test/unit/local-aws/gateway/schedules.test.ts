import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BusEvent } from '../../../../local-aws/aws/event-bus.ts';
import type { Rule } from '../../../../local-aws/cloudformation/events.ts';
import type { Invoker } from '../../../../local-aws/cloudformation/lambda.ts';
import type { Outcome } from '../../../../local-aws/lambda/instance.ts';
import { Schedules } from '../../../../local-aws/schedules.ts';

const ruleArn = (name: string) => `arn:aws:events:us-east-1:123456789012:rule/${name}`;
const rule = (name: string, schedule: string, changes: Partial<Rule> = {}): Rule => ({
  name,
  arn: ruleArn(name),
  enabled: true,
  schedule,
  targets: [`arn:aws:lambda:us-east-1:123456789012:function:${name}`],
  ...changes,
});

function schedulesOf(
  rules: readonly Rule[],
  { permitted = true, outcome = { payload: 'null' } }: { permitted?: boolean; outcome?: Outcome } = {},
) {
  const runs: string[] = [];
  const events: BusEvent[] = [];
  const asked: Invoker[] = [];
  const schedules = new Schedules({
    rules,
    mayInvoke: (_, invoker) => {
      asked.push(invoker);
      return permitted;
    },
    invoke: async (_, event) => {
      events.push(event);
      return outcome;
    },
    invokeAsync: (name) => void runs.push(name),
    now: () => Date.parse('2026-11-24T08:00:00.500Z'),
  });
  return { schedules, runs, events, asked };
}

const minutely = rule('sweep', 'rate(1 minute)');

afterEach(() => {
  vi.useRealTimers();
});

describe('schedules', () => {
  it('run functions at the rate of their rules, until they are ended', () => {
    vi.useFakeTimers();
    const { schedules, runs } = schedulesOf([
      minutely,
      rule('clean', 'rate(2 hours)'),
      rule('file', 'rate(1 day)'),
    ]);
    const end = schedules.start();
    vi.advanceTimersByTime(4 * 3_600_000);
    end();
    vi.advanceTimersByTime(4 * 3_600_000);
    const counts = Object.fromEntries(
      [...Map.groupBy(runs, (name) => name)].map(([name, all]) => [name, all.length]),
    );
    expect(counts).toEqual({ sweep: 240, clean: 2 });
  });

  it.each<[string, Partial<Rule>, boolean]>([
    ['a disabled rule', { enabled: false }, true],
    ['a rule without targets', { targets: [] }, true],
    ['a rule that no permission names', {}, false],
  ])('do not run a function for %s', async (_name, changes, permitted) => {
    vi.useFakeTimers();
    const { schedules, runs, events } = schedulesOf([{ ...minutely, ...changes }], { permitted });
    schedules.start();
    vi.advanceTimersByTime(3_600_000);
    expect(runs).toEqual([]);
    expect(await schedules.run('sweep')).toMatch(/^No (enabled rule|permission)/);
    expect(events).toEqual([]);
  });

  it('wait at least as long as a timer can for rare events', () => {
    vi.useFakeTimers();
    const { schedules, runs } = schedulesOf([rule('sweep', 'rate(300 days)')]);
    schedules.start();
    vi.advanceTimersByTime(24 * 86_400_000);
    expect(runs).toEqual([]);
  });

  it('ask whether the rule may invoke the function', async () => {
    const { schedules, asked } = schedulesOf([minutely]);
    await schedules.run('sweep');
    expect(asked).toEqual([{ service: 'events.amazonaws.com', sourceArn: ruleArn('sweep') }]);
  });

  it('give the event that EventBridge gives', async () => {
    const { schedules, events } = schedulesOf([minutely]);
    expect(await schedules.run('sweep')).toBeUndefined();
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '123456789012',
        time: '2026-11-24T08:00:00Z',
        region: 'us-east-1',
        resources: [ruleArn('sweep')],
        detail: {},
      },
    ]);
  });

  it('tell how a run failed', async () => {
    const outcome = { error: { errorType: 'TypeError', errorMessage: 'no' } };
    expect(await schedulesOf([minutely], { outcome }).schedules.run('sweep')).toBe('TypeError: no');
  });

  it.each(['cron(0 1 * * ? *)', 'rate(1 week)', 'rate(0 minutes)', 'rate(1 minute) '])(
    'of another kind are refused: %s',
    (schedule) => {
      expect(() => schedulesOf([rule('sweep', schedule)])).toThrow(
        `knows no schedule ${schedule}, only rate(…)`,
      );
    },
  );
});
