import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useHome } from './command.ts';

const home = useHome();

const commands = [
  ...[
    'status',
    'add',
    'enable',
    'replace',
    'resync',
    'remove',
    'tags',
    'tag',
    'untag',
    'session',
    'recovery',
  ],
  ...['coverage', 'completion'],
];

const script = async (shell: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await home.run(['completion', shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
};

/** Bash's completions for the last of these words. */
async function offered(words: readonly string[]): Promise<readonly string[]> {
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _iam_mfa; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--norc', '-c', `${await script('bash')}${ask}`, 'bash', ...words];
  const { stdout } = await promisify(execFile)('bash', args, { cwd: home.folder });
  return stdout.trim().split('\n');
}

describe('bash', () => {
  it.each<[readonly string[], readonly string[]]>([
    [
      ['iam-mfa', ''],
      [...commands, '--profile', '--output', '--help'],
    ],
    [
      ['iam-mfa', 're'],
      ['replace', 'resync', 'remove', 'recovery'],
    ],
    [
      ['iam-mfa', 'add', '--'],
      ['--label', '--png', '--svg', '--seed', '--pass', '--api'],
    ],
    [
      ['iam-mfa', '--quiet', 'recovery', ''],
      ['request', 'list', 'show', 'approve', 'deny', 'cancel', 'pass'],
    ],
    [['iam-mfa', 'recovery', 'list', '--st'], ['--state']],
    [
      ['iam-mfa', 'recovery', 'list', '--state', 'exec'],
      ['executing', 'executed'],
    ],
    [
      ['iam-mfa', 'status', '--output', ''],
      ['json', 'table'],
    ],
    [['iam-mfa', 'completion', 'z'], ['zsh']],
    [['iam-mfa', '--profile', 'recovery', ''], commands],
    [['iam-mfa', '--profile', '=', 'recovery', ''], commands],
    [
      ['iam-mfa', '--profile', 'status', 'recovery', ''],
      ['request', 'list'],
    ],
  ])('completes %j', async (words, expected) => {
    expect(await offered(words)).toEqual(expect.arrayContaining([...expected]));
  });

  it('offers a command only in its place', async () => {
    expect(await offered(['iam-mfa', 'recovery', ''])).not.toContain('status');
    expect(await offered(['iam-mfa', 'add', ''])).not.toContain('status');
    expect(await offered(['iam-mfa', '--profile', ''])).toEqual(['']);
    expect(await offered(['iam-mfa', '--profile', 'recovery', ''])).not.toContain('request');
  });

  it('completes file names for options that take a file', async () => {
    await home.write('code of x.png', '');
    await home.write('code *.png', '');
    const files = await offered(['iam-mfa', 'add', 'x', '--png', 'co']);
    expect([...files].sort()).toEqual(['code *.png', 'code of x.png']);
  });
});

describe('other shells', () => {
  it.each([
    ['zsh', (command: string) => new RegExp(`compadd -- .*\\b${command}\\b`), 'compdef _iam_mfa iam-mfa'],
    ['fish', (command: string) => new RegExp(`^complete -c iam-mfa .*-a '${command}'`, 'm'), '-l output'],
  ])('%s gets every command', async (shell, pattern, also) => {
    const text = await script(shell);
    for (const command of commands) expect(text).toMatch(pattern(command));
    expect(text).toContain(also);
  });

  it('are refused if unknown', async () => {
    expect(await home.run(['completion', 'csh'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
