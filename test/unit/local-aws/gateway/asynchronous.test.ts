import { describe, expect, it, vi } from 'vitest';
import { AwsError } from '../../../../local-aws/aws/aws-error.ts';
import {
  AsynchronousInvocations,
  type AsynchronousSettings,
} from '../../../../local-aws/lambda/asynchronous.ts';
import type { Outcome } from '../../../../local-aws/lambda/instance.ts';
import { Pending } from '../../../../local-aws/lambda/pending.ts';

const failure: Outcome = { error: { errorType: 'Error', errorMessage: 'no' } };
const success: Outcome = { payload: 'null' };
const onFailure = { name: 'letters', accepts: () => true };
const usual: AsynchronousSettings = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60, onFailure };

function start(
  invoke: (functionName: string, event: unknown) => Promise<Outcome>,
  {
    settings = usual,
    ...options
  }: { readonly graceMs?: number; readonly settings?: AsynchronousSettings | undefined } = {},
) {
  const pending = new Pending();
  const kill = vi.fn(async (_functionName: string) => undefined);
  const calls = vi.fn(invoke);
  const queue = new AsynchronousInvocations({
    invoke: calls,
    kill,
    pending,
    settingsOf: () => settings,
    ...options,
  });
  return { queue, pending, kill, calls };
}

/** Fails as often as told. */
const failing = (times: number) => {
  let left = times;
  return async () => {
    left -= 1;
    return left >= 0 ? failure : success;
  };
};

describe('an asynchronous invocation', () => {
  it.each([
    [0, 1],
    [1, 2],
    [2, 3],
  ])('that fails %d times ends well at attempt %d', async (failures, attempts) => {
    const { queue, pending, calls } = start(failing(failures));
    queue.add('f', { a: 1 });
    await pending.settled();
    expect(calls.mock.calls).toEqual(Array(attempts).fill(['f', { a: 1 }]));
    expect(queue.deadLetters).toEqual([]);
  });

  it('that fails three times becomes a dead letter', async () => {
    const { queue, pending, calls } = start(failing(3));
    queue.add('f', { a: 1 });
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(3);
    expect(queue.deadLetters).toEqual([
      {
        queue: 'letters',
        functionName: 'f',
        event: { a: 1 },
        attempts: 3,
        error: { errorType: 'Error', errorMessage: 'no' },
      },
    ]);
  });

  it.each([
    ['no queue takes it', { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 }],
    [
      'the function may not send to the queue',
      { ...usual, onFailure: { ...onFailure, accepts: () => false } },
    ],
  ])('that fails for good is lost if %s', async (_name, settings) => {
    const { queue, pending, calls } = start(failing(3), { settings });
    queue.add('f', {});
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(3);
    expect(queue.deadLetters).toEqual([]);
  });

  it.each([0, 1])('is repeated %d times if its function says so', async (maximumRetryAttempts) => {
    const { queue, pending, calls } = start(failing(9), { settings: { ...usual, maximumRetryAttempts } });
    queue.add('f', {});
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(maximumRetryAttempts + 1);
    expect(queue.deadLetters).toMatchObject([{ attempts: maximumRetryAttempts + 1 }]);
  });

  it('that is throttled waits for its turn, which is no attempt', async () => {
    let times = 4;
    const { queue, pending, calls } = start(async () => {
      times -= 1;
      if (times > 0) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      return success;
    });
    queue.add('f', {});
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(4);
    expect(queue.deadLetters).toEqual([]);
  });

  it('that is throttled for too long is given up', async () => {
    const { queue, pending } = start(
      () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)),
      { settings: { ...usual, maximumEventAgeSeconds: 0.2 } },
    );
    queue.add('f', {});
    await pending.settled();
    expect(queue.deadLetters).toMatchObject([{ attempts: 0, error: { errorType: 'EventAgeExceeded' } }]);
  });

  it('of a function that there is not becomes one, too', async () => {
    const { queue, pending } = start(() => Promise.reject(new Error('No function f')));
    queue.add('f', {});
    await pending.settled();
    expect(queue.deadLetters[0]?.error.errorMessage).toBe('Error: No function f');
  });

  it('does not hold up others', async () => {
    const { queue, pending, calls } = start(async (name) => (name === 'bad' ? failure : success));
    queue.add('bad', 1);
    queue.add('good', 2);
    await expect.poll(() => calls.mock.calls.map(([name]) => name)).toContain('good');
    await pending.settled();
    expect(queue.deadLetters.map(({ functionName }) => functionName)).toEqual(['bad']);
  });
});

describe('when everything is dropped', () => {
  it('nothing is repeated, and dead letters are forgotten', async () => {
    const { queue, pending, calls } = start(async () => failure);
    queue.add('early', {});
    await pending.settled();
    queue.add('late', {});
    await expect.poll(() => calls.mock.calls.length).toBe(4);
    await queue.drop();
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(4);
    expect(queue.deadLetters).toEqual([]);
  });

  it('what runs may end, but what it starts is not taken', async () => {
    const done = Promise.withResolvers<Outcome>();
    const { queue, calls, kill } = start(() => done.promise);
    queue.add('f', {});
    await expect.poll(() => calls.mock.calls.length).toBe(1);
    const dropped = queue.drop();
    queue.add('g', {});
    done.resolve(success);
    await dropped;
    expect(calls.mock.calls).toEqual([['f', {}]]);
    expect(kill).not.toHaveBeenCalled();
  });

  it('what runs for long is ended', async () => {
    const killed = Promise.withResolvers<Outcome>();
    const { queue, kill, calls } = start(() => killed.promise, { graceMs: 20 });
    kill.mockImplementation(async () => void killed.resolve(failure));
    queue.add('f', {});
    await expect.poll(() => calls.mock.calls.length).toBe(1);
    await queue.drop();
    expect(kill.mock.calls).toEqual([['f']]);
    expect(queue.deadLetters).toEqual([]);
  });

  it('new ones are taken afterwards', async () => {
    const { queue, pending, calls } = start(async () => success);
    await queue.drop();
    queue.add('f', {});
    await pending.settled();
    expect(calls).toHaveBeenCalledTimes(1);
  });
});

it('once closed takes nothing more, and repeats nothing', async () => {
  const { queue, pending, calls } = start(async () => failure);
  queue.add('f', {});
  await expect.poll(() => calls.mock.calls.length).toBe(1);
  queue.close();
  queue.add('g', {});
  await pending.settled();
  expect(calls).toHaveBeenCalledTimes(1);
});
