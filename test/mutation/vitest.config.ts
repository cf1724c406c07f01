import { defineConfig } from 'vitest/config';

/** Only the fast tests of rules; each mutant runs some of them. */
export default defineConfig({
  test: {
    root: '.',
    include: [
      'test/unit/aws/lease-item.test.ts',
      'test/unit/devices/**/*.test.ts',
      'test/unit/lease/**/*.test.ts',
      'test/unit/recoveries/**/*.test.ts',
      'test/unit/local-aws/policy/**/*.test.ts',
      'test/integration/devices/run.test.ts',
      'test/integration/adapters/change-lease.test.ts',
    ],
  },
});
