import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InvocationQueue } from '../../../../local-aws/gateway/invocation-queue.ts';

const never = new AbortController().signal;

/** A queue, and what it runs: each invocation lasts until it is ended by name. */
function queueOf(most: number) {
  const queue = new InvocationQueue(most);
  const started: string[] = [];
  const running = new Map<string, PromiseWithResolvers<string>>();
  const run = (name: string, signal = never) =>
    queue.run(() => {
      started.push(name);
      const invocation = Promise.withResolvers<string>();
      running.set(name, invocation);
      return invocation.promise;
    }, signal);
  return { run, started, running };
}

describe('the queue of invocations', () => {
  it('runs so many at once, and the others in the order in which they came', async () => {
    const { run, started, running } = queueOf(2);
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name));
    await tick();
    expect(started).toEqual(['a', 'b']);

    running.get('b')?.resolve('done');
    await tick();
    expect(started).toEqual(['a', 'b', 'c']);

    for (const name of ['a', 'c', 'd', 'e']) {
      running.get(name)?.resolve(name);
      await tick();
    }
    expect(await Promise.all(all)).toEqual(['a', 'done', 'c', 'd', 'e']);
  });

  it('goes on after an invocation that fails', async () => {
    const { run, running } = queueOf(1);
    const failing = run('a');
    const next = run('b');
    await tick();
    running.get('a')?.reject(new Error('failed'));
    await expect(failing).rejects.toThrow('failed');
    await tick();
    running.get('b')?.resolve('served');
    expect(await next).toBe('served');
  });

  it('never runs what has waited too long, and gives its turn to the next', async () => {
    const { run, started, running } = queueOf(1);
    const first = run('a');
    const impatient = new AbortController();
    const late = run('b', impatient.signal);
    const next = run('c');
    await tick();

    impatient.abort();
    expect(await late).toBeUndefined();
    running.get('a')?.resolve('served');
    await first;
    await tick();
    expect(started).toEqual(['a', 'c']);
    running.get('c')?.resolve('served');
    expect(await next).toBe('served');
  });

  it('is not emptied by one who gives up while running', async () => {
    const { run, started, running } = queueOf(1);
    const impatient = new AbortController();
    const first = run('a', impatient.signal);
    const next = run('b');
    await tick();
    impatient.abort();
    await tick();
    expect(started).toEqual(['a']);
    running.get('a')?.resolve('served');
    await first;
    await tick();
    expect(started).toEqual(['a', 'b']);
    running.get('b')?.resolve('served');
    await next;
  });

  it('runs nothing that is too late already', async () => {
    const { run, started } = queueOf(1);
    expect(await run('a', AbortSignal.abort())).toBeUndefined();
    expect(started).toEqual([]);
  });
});
