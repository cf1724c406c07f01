import { afterAll, beforeAll, expect, vi } from 'vitest';

// Unit-test files share a process and its modules, so each must leave them as it found them.

// biome-ignore lint/style/noProcessEnv: to see what tests leave in it
const environment = () => ({ ...process.env });
let found: NodeJS.ProcessEnv;

beforeAll(() => {
  found = environment();
});
afterAll(() => {
  const left = environment();
  const changed = Object.keys({ ...found, ...left }).filter((name) => found[name] !== left[name]);
  expect(changed, 'variables that are still stubbed').toEqual([]);
  expect(vi.isFakeTimers(), 'timers are still fake').toBe(false);
  expect(vi.isMockFunction(process.stdout.write), 'the output is still mocked').toBe(false);
});
