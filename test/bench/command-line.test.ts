import { describe, expect, it } from 'vitest';
import { run, versionOf } from './command-line.ts';

const node = (code: string) => [process.execPath, '-e', code] as const;

describe('the version of a command', () => {
  it('is the first word of its output', () => {
    expect(versionOf(node('console.log("tool/1.2 Python/3")'), {})).toBe('tool/1.2');
  });

  it.each([
    ['is not there', ['/no/such/command', '--version'] as const],
    ['does not run, as a shim without its command', node('process.exit(127)')],
  ])('is unknown if the command %s', (_what, command) => {
    expect(versionOf(command, {})).toBeUndefined();
  });
});

describe('a run of a command', () => {
  it('lasts as long as the whole process', async () => {
    const before = performance.now();
    const millis = await run(node('process.stdout.write("phone")'), {}, /phone/)();
    expect(millis).toBeGreaterThan(0);
    expect(millis).toBeLessThanOrEqual(performance.now() - before);
  });

  it('gets its environment and nothing else', async () => {
    const code = 'process.stdout.write(process.env.GIVEN + " " + process.env.PATH)';
    await expect(run(node(code), { GIVEN: 'this' }, /^this undefined$/)()).resolves.toBeGreaterThan(0);
  });

  it.each([
    ['answers something else', 'process.stdout.write("No devices.")', 'wrote: No devices.'],
    ['fails', 'process.stdout.write("phone"); process.stderr.write("refused"); process.exit(1)', 'refused'],
  ])('that %s is not counted', async (_what, code, message) => {
    await expect(run(node(code), {}, /phone/)()).rejects.toThrow(message);
  });
});
