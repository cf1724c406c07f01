import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

it('all functions together live in no more instances than may live', async () => {
  const names = stack.deployed.functions.map(({ name }) => name);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, stack.lambda.instances);
  }, 1);

  const outcomes = await Promise.all([...names, ...names].map((name) => stack.lambda.invoke(name, {})));

  clearInterval(watch);
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error.errorType] : []));
  expect(names.length).toBeGreaterThan(12);
  expect(most).toBe(12);
  // Events like these are refused by some, but every one of them was run.
  expect(errors.filter((type) => /^(Runtime|Sandbox)/.test(type))).toEqual([]);
  await stack.settled();
});
