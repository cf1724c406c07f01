import { afterEach, describe, expect, it, vi } from 'vitest';
import { LocalClock } from '../../../../local-aws/clock.ts';
import { type FunctionDefinition, Lambda, type LogLine } from '../../../../local-aws/lambda/lambda.ts';
import { Pending } from '../../../../local-aws/lambda/pending.ts';

const fixture = (name: string) => new URL(`../../../support/fixtures/${name}.ts`, import.meta.url).href;

const running: Lambda[] = [];
afterEach(() => Promise.all(running.splice(0).map((lambda) => lambda.close())));

function startLambda(
  options: Partial<FunctionDefinition> & {
    clock?: LocalClock;
    pending?: Pending;
    onLog?: (line: LogLine) => void;
  } = {},
) {
  const {
    clock = new LocalClock(),
    pending = new Pending(),
    onLog = () => undefined,
    ...definition
  } = options;
  const environment = vi.fn(() => ({ variables: { GREETING: 'hello' }, expiresAt: clock.now() + 3600_000 }));
  const lambda = new Lambda({
    clock,
    pending,
    region: 'us-east-1',
    accountId: '123456789012',
    onLog,
    functions: [{ name: 'puppet', handlerUrl: fixture('puppet'), environment, ...definition }],
  });
  running.push(lambda);
  return { lambda, clock, environment };
}

const todo = (what: string) => ({ queryStringParameters: { do: what } });

/** Invokes the puppet and gives the JSON of its proxy result's body. */
async function ask(lambda: Lambda, what: string) {
  const outcome = await lambda.invoke('puppet', todo(what));
  if ('error' in outcome) throw new Error(outcome.error.errorMessage);
  return JSON.parse(JSON.parse(outcome.payload).body);
}

describe('a function', () => {
  it('gets the event and the context of its invocation', async () => {
    const { lambda } = startLambda({ timeoutMs: 5000 });
    const { event, context, remaining } = await ask(lambda, 'echo');
    expect(event).toEqual(todo('echo'));
    expect(context).toMatchObject({
      functionName: 'puppet',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:puppet',
      awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
    });
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(5000);
  });

  it('has exactly the environment that it is given', async () => {
    const { lambda } = startLambda();
    expect(await ask(lambda, 'environment')).toEqual({ GREETING: 'hello' });
  });

  it('follows the local clock, also when it moves later', async () => {
    const { lambda, clock } = startLambda();
    await ask(lambda, 'clock');
    clock.advance(86_400);
    const before = Date.now();
    const { now } = await ask(lambda, 'clock');
    expect(now).toBeGreaterThanOrEqual(before + 86_400_000);
    expect(now).toBeLessThanOrEqual(Date.now() + 86_400_000);
  });

  it('stays warm between invocations and runs several at once', async () => {
    const { lambda, environment } = startLambda();
    const hanging = lambda.invoke('puppet', todo('hang'));
    await ask(lambda, 'count');
    expect(await ask(lambda, 'count')).toEqual({ invocations: 3 });
    expect(environment).toHaveBeenCalledTimes(1);
    await lambda.reset();
    await hanging;
  });

  it('is started anew before its credentials expire by the local clock', async () => {
    const { lambda, clock, environment } = startLambda();
    await ask(lambda, 'count');
    clock.advance(3600 - 6 * 60);
    expect(await ask(lambda, 'count')).toEqual({ invocations: 2 });
    clock.advance(2 * 60);
    expect(await ask(lambda, 'count')).toEqual({ invocations: 1 });
    expect(environment).toHaveBeenCalledTimes(2);
  });

  it('finishes what it is doing when another takes over', async () => {
    const { lambda, clock } = startLambda({ timeoutMs: 1000 });
    await ask(lambda, 'count');
    const hanging = lambda.invoke('puppet', todo('hang'));
    clock.advance(3600);
    expect(await ask(lambda, 'count')).toEqual({ invocations: 1 });
    expect(await hanging).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  });
});

describe('reserved concurrency', () => {
  it('limits how many invocations run at a time', async () => {
    const { lambda } = startLambda({ reservedConcurrency: 1 });
    const hanging = lambda.invoke('puppet', todo('hang'));
    await expect(lambda.invoke('puppet', todo('count'))).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    await lambda.reset();
    await hanging;
    expect(await ask(lambda, 'count')).toBeDefined();
  });

  it('of none stops the function', async () => {
    const { lambda } = startLambda({ reservedConcurrency: 0 });
    await expect(lambda.invoke('puppet', todo('count'))).rejects.toMatchObject({ message: 'Rate Exceeded.' });
  });
});

describe('a function that fails', () => {
  it.each([
    ['rejects', 'throw', { errorType: 'TypeError', errorMessage: 'thrown by the puppet' }],
    ['leaves a rejection unhandled', 'throw-late', { errorMessage: 'unhandled in the puppet' }],
    ['exits', 'exit', { errorType: 'Runtime.ExitError' }],
  ])('is reported as Lambda does when it %s, and works again', async (_, what, error) => {
    const { lambda } = startLambda();
    expect(await lambda.invoke('puppet', todo(what))).toMatchObject({ error });
    expect(await ask(lambda, 'count')).toBeDefined();
  });

  it.each(['hang', 'spin'])('is ended when it would %s longer than its timeout', async (what) => {
    const { lambda } = startLambda({ timeoutMs: 300 });
    const outcome = await lambda.invoke('puppet', todo(what));
    expect(outcome).toMatchObject({
      error: {
        errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 0.30 seconds$/),
      },
    });
    expect(await ask(lambda, 'count')).toEqual({ invocations: 1 });
  });

  it.each([
    ['broken', 'this module cannot be loaded'],
    ['no-handler', 'does not export a function named handler'],
    ['missing', 'Cannot find module'],
  ])('is reported when its module is %s', async (name, message) => {
    const { lambda } = startLambda({ handlerUrl: fixture(name) });
    const outcome = await lambda.invoke('puppet', {});
    expect(outcome).toMatchObject({ error: { errorMessage: expect.stringContaining(message) } });
  });

  it('can be killed in the middle of an invocation', async () => {
    const { lambda } = startLambda();
    await ask(lambda, 'count');
    const hanging = lambda.invoke('puppet', todo('hang'));
    await lambda.kill('puppet');
    expect(await hanging).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(await ask(lambda, 'count')).toEqual({ invocations: 1 });
  });

  it('is not invoked at all when unknown or after the end', async () => {
    const { lambda } = startLambda();
    await expect(lambda.invoke('nobody', {})).rejects.toThrow('nobody');
    await lambda.close();
    await expect(lambda.invoke('puppet', {})).rejects.toThrow('puppet');
  });
});

describe('logs', () => {
  it('hold what functions write and how they fail', async () => {
    const onLog = vi.fn();
    const { lambda } = startLambda({ onLog });
    await ask(lambda, 'log');
    await lambda.invoke('puppet', todo('throw'));
    await expect.poll(() => lambda.logs.length).toBeGreaterThanOrEqual(4);
    expect(lambda.logs).toEqual(
      expect.arrayContaining([
        { functionName: 'puppet', stream: 'stdout', line: 'a line on stdout' },
        { functionName: 'puppet', stream: 'stderr', line: 'a line on stderr' },
        { functionName: 'puppet', stream: 'platform', line: 'TypeError: thrown by the puppet' },
      ]),
    );
    expect(onLog.mock.calls.flat()).toEqual(lambda.logs);
  });
});

describe('an asynchronous invocation', () => {
  it('is counted as pending until it has ended and all that it wrote was told', async () => {
    const pending = new Pending();
    const lines: string[] = [];
    const { lambda } = startLambda({ pending, onLog: ({ line }) => lines.push(line) });
    lambda.invokeAsync('puppet', todo('log'));
    await pending.settled();
    expect(lines).toContain('a line on stdout');
  });

  it('that fails at every attempt becomes a dead letter, and the function goes on', async () => {
    const pending = new Pending();
    const onFailure = { name: 'letters', accepts: () => true };
    const asynchronous = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60, onFailure };
    const { lambda } = startLambda({ pending, asynchronous });
    lambda.invokeAsync('puppet', todo('throw'));
    await pending.settled();
    expect(lambda.deadLetters).toMatchObject([
      { functionName: 'puppet', event: todo('throw'), attempts: 3, error: { errorType: 'TypeError' } },
    ]);
    expect(await ask(lambda, 'count')).toEqual({ invocations: 4 });
  });

  it('of a function that hangs is given up when all are dropped', async () => {
    const pending = new Pending();
    const { lambda } = startLambda({ pending, timeoutMs: 60_000 });
    lambda.invokeAsync('puppet', todo('hang'));
    await lambda.dropAsynchronous();
    await pending.settled();
    expect(lambda.deadLetters).toEqual([]);
  });
});

it('lines of an invocation that was waited for are told before it counts as settled', async () => {
  const pending = new Pending();
  const lines: string[] = [];
  const { lambda } = startLambda({ pending, onLog: ({ line }) => lines.push(line) });
  for (let count = 1; count <= 50; count += 1) {
    await ask(lambda, 'log');
    await pending.settled();
    expect(lines.filter((line) => line === 'a line on stdout')).toHaveLength(count);
  }
});
