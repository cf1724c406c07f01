import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalClock } from '../../../../local-aws/clock.ts';
import { Lambda, type LambdaOptions } from '../../../../local-aws/lambda/lambda.ts';
import { Pending } from '../../../../local-aws/lambda/pending.ts';

const handlerUrl = new URL('../../../support/fixtures/puppet.ts', import.meta.url).href;

const running: Lambda[] = [];
afterEach(() => Promise.all(running.splice(0).map((lambda) => lambda.close())));

/** Functions a to e, all of them puppets. Nothing ends but by what the options say. */
function startLambda(options: Partial<LambdaOptions> = {}) {
  const clock = new LocalClock();
  const environment = () => ({ variables: {}, expiresAt: clock.now() + 3600_000 });
  const lambda = new Lambda({
    clock,
    region: 'us-east-1',
    accountId: '123456789012',
    functions: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, handlerUrl, environment })),
    idleMs: 60_000,
    patienceMs: 60_000,
    ...options,
  });
  running.push(lambda);
  return lambda;
}

const todo = (what: string, ms?: number) => ({
  queryStringParameters: { do: what, ...(ms !== undefined && { ms }) },
});

async function ask(lambda: Lambda, name: string, what = 'count', ms?: number) {
  const outcome = await lambda.invoke(name, todo(what, ms));
  if ('error' in outcome) throw new Error(outcome.error.errorMessage);
  return JSON.parse(JSON.parse(outcome.payload).body);
}

/** How many invocations each function's instance has had, this one included. */
const counts = async (lambda: Lambda, names: string) => {
  const answers: number[] = [];
  for (const name of names) answers.push((await ask(lambda, name)).invocations);
  return answers;
};

describe('an instance without work', () => {
  it('ends, and the next invocation starts another', async () => {
    const lambda = startLambda({ idleMs: 50 });
    await ask(lambda, 'a');
    expect(lambda.instances).toBe(1);

    await expect.poll(() => lambda.instances).toBe(0);

    expect(await ask(lambda, 'a')).toEqual({ invocations: 1 });
  });

  it('stays while invocations come in time', async () => {
    const lambda = startLambda({ idleMs: 60_000 });
    expect(await counts(lambda, 'aaa')).toEqual([1, 2, 3]);
    expect(lambda.instances).toBe(1);
  });

  it('has told all its lines before it ends', async () => {
    const pending = new Pending();
    const lines: string[] = [];
    const lambda = startLambda({ pending, idleMs: 0, onLog: ({ line }) => lines.push(line) });
    for (let count = 1; count <= 10; count += 1) {
      await ask(lambda, 'a', 'log');
      await pending.settled();
      expect(lines.filter((line) => line === 'a line on stdout')).toHaveLength(count);
      await expect.poll(() => lambda.instances).toBe(0);
    }
  });
});

describe('an instance with work', () => {
  it('does not end, however long that takes', async () => {
    const lambda = startLambda({ idleMs: 20 });
    await ask(lambda, 'a');
    expect(await ask(lambda, 'a', 'rest', 300)).toEqual({ invocations: 2 });
  });

  it('does not end for others', async () => {
    const lambda = startLambda({ mostInstances: 1 });
    await ask(lambda, 'a');

    const [busy, other] = [ask(lambda, 'a', 'rest', 200), ask(lambda, 'b')];
    await setImmediate();
    const again = ask(lambda, 'a');

    expect(await Promise.all([busy, other, again])).toEqual(
      [3, 1, 3].map((invocations) => ({ invocations })),
    );
  });

  it('does not end for others while it starts', async () => {
    const lambda = startLambda({ mostInstances: 1 });

    const answers = await Promise.all(['a', 'b', 'c', 'b'].map((name) => ask(lambda, name)));

    expect(answers.map(({ invocations }) => invocations)).toEqual([1, 1, 1, 2]);
  });
});

describe('when as many live as may', () => {
  it('the one that was idle for longest ends for another', async () => {
    const pending = new Pending();
    const lambda = startLambda({ pending, mostInstances: 2 });
    await counts(lambda, 'aba');
    await pending.settled();

    expect(await counts(lambda, 'c')).toEqual([1]);

    expect(await counts(lambda, 'ab')).toEqual([3, 1]);
  });

  it('no more than that live, whoever is invoked', async () => {
    const lambda = startLambda({ mostInstances: 2 });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, lambda.instances);
    }, 1);

    const answers = await Promise.all([...'abcdeabcdeabcde'].map((name) => ask(lambda, name)));

    clearInterval(watch);
    expect(answers.map(({ invocations }) => invocations).sort()).toEqual(
      [...Array(5).fill(1), ...Array(5).fill(2), ...Array(5).fill(3)].sort(),
    );
    expect(most).toBe(2);
  });

  it('starts wait no longer than their patience, as what runs may be waiting for them', async () => {
    const lambda = startLambda({ mostInstances: 1, patienceMs: 50 });
    await ask(lambda, 'a');
    const hanging = lambda.invoke('a', todo('hang'));

    expect(await ask(lambda, 'b')).toEqual({ invocations: 1 });

    expect(lambda.instances).toBe(2);
    await lambda.reset();
    expect(await hanging).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  });

  it('one that is killed or exits makes room, too', async () => {
    const lambda = startLambda({ mostInstances: 1 });
    const killed = lambda.invoke('a', todo('hang'));
    const next = ask(lambda, 'b');
    await lambda.kill('a');
    expect(await next).toEqual({ invocations: 1 });
    expect(await killed).toMatchObject({ error: {} });
    expect(await lambda.invoke('b', todo('exit'))).toMatchObject({ error: {} });
    expect(await ask(lambda, 'c')).toEqual({ invocations: 1 });
  });

  it('a start that fails makes room', async () => {
    const clock = new LocalClock();
    const environment = () => ({ variables: {}, expiresAt: clock.now() + 3600_000 });
    const missing = () => Promise.reject(new Error('no such bundle'));
    const noRole = () => {
      throw new Error('no such role');
    };
    const functions = [
      { name: 'broken', handlerUrl: missing, environment },
      { name: 'roleless', handlerUrl, environment: noRole },
      { name: 'whole', handlerUrl: async () => handlerUrl, environment },
    ];
    const lambda = startLambda({ functions, mostInstances: 1 });
    await expect(lambda.invoke('broken', {})).rejects.toThrow('no such bundle');
    await expect(lambda.invoke('roleless', {})).rejects.toThrow('no such role');
    expect(await ask(lambda, 'whole')).toEqual({ invocations: 1 });
  });

  it('what waits is refused once all is closed', async () => {
    const lambda = startLambda({ mostInstances: 1 });
    await ask(lambda, 'a');
    const hanging = lambda.invoke('a', todo('hang'));
    const waiting = expect(lambda.invoke('b', todo('count'))).rejects.toThrow('No function b');
    await lambda.close();
    await waiting;
    expect(await hanging).toMatchObject({ error: {} });
    expect(lambda.instances).toBe(0);
  });
});

describe('asynchronous invocations', () => {
  it('survive the end of their instance while they wait for the next attempt', async () => {
    const pending = new Pending();
    const lambda = startLambda({ pending, idleMs: 1 });
    const invocations: unknown[] = [];
    lambda.onLine(({ stream, line }) => stream === 'stdout' && invocations.push(line));

    lambda.invokeAsync('a', todo('tell-and-throw'));
    await pending.settled();

    expect(invocations).toEqual(['1', '1', '1']);
  });

  it('are all delivered, however few instances may live', async () => {
    const pending = new Pending();
    const lines: string[] = [];
    const onLog: LambdaOptions['onLog'] = ({ stream, line }) => {
      if (stream === 'stdout') lines.push(line);
    };
    const lambda = startLambda({ pending, mostInstances: 1, idleMs: 0, onLog });

    for (const name of 'abcdeabcde') lambda.invokeAsync(name, todo('log'));
    await pending.settled();

    expect(lines).toHaveLength(10);
  });
});

it('a function has the memory that its definition gives it', async () => {
  const environment = () => ({ variables: {}, expiresAt: Date.now() + 3600_000 });
  const lambda = startLambda({ functions: [{ name: 'a', handlerUrl, memorySize: 64, environment }] });
  expect((await ask(lambda, 'a', 'echo')).context.memoryLimitInMB).toBe('64');
  expect(await lambda.invoke('a', todo('hoard'))).toMatchObject({
    error: { errorMessage: expect.stringContaining('memory limit') },
  });
});
