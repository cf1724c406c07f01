import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { blocksOf, readPage } from '../support/pages.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const cwd = fileURLToPath(new URL('../../', import.meta.url));
let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(() => stack.reset());
afterAll(() => stack.close());

/** Runs the blocks in one shell, against this stack instead of `npm start`. */
async function typed(blocks: readonly string[]): Promise<string> {
  const script = blocks
    .join('\n')
    .replaceAll('http://127.0.0.1:4000', stack.apiUrl)
    .replaceAll('http://127.0.0.1:4566', stack.awsUrl);
  // `totp` asks AWS_PORT for the time. /dev/stderr can be opened if it is a pipe, but not if it is Node's socket.
  const prelude = `export AWS_PORT=${new URL(stack.awsUrl).port}; exec 2> >(cat >&2)`;
  const { stdout } = await promisify(execFile)('bash', ['-euc', `${prelude}\n${script}`], { cwd });
  return stdout;
}

it('docs/tour.md can be typed from top to bottom', async () => {
  const blocks = blocksOf(readPage('docs/tour.md'), 'sh');
  // The first block starts what this test has already started, and the AWS CLI may be missing.
  const [start, ...rest] = blocks.filter((block) => !block.includes('aws iam '));
  expect(start).toBe('npm ci && npm start\n');

  const answers = (await typed(rest))
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));

  expect(answers).toEqual([
    expect.objectContaining({ userName: 'alice', mfa: { active: 0, pending: 0 } }),
    expect.objectContaining({ id: 'phone', status: 'active' }),
    expect.objectContaining({ now: expect.any(String) }),
    expect.objectContaining({ code: 'access-denied' }),
    expect.objectContaining({ id: 'tablet', status: 'active' }),
    expect.objectContaining({
      items: [expect.objectContaining({ id: 'phone' }), expect.objectContaining({ id: 'tablet' })],
    }),
    expect.objectContaining({ id: 'tablet', label: 'The old tablet' }),
  ]);
});

it('README.md shows commands that work', async () => {
  const [start, commands = ''] = blocksOf(readPage('README.md'), 'sh');
  expect(start).toBe('npm ci && npm start\n');

  const shown = await typed([commands]);

  expect(shown).toContain('alice in account 123456789012');
  expect(shown).toContain('Usage: iam-mfa');
});
