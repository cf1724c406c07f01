import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Environment } from '../../../clients/cli/src/host.ts';
import { type Api, useApi } from '../../support/e2e.ts';
import { outputOf } from '../../support/output.ts';
import { userKeys } from '../../support/stack.ts';
import { type Finished, openInProcess, runInProcess } from './in-process.ts';
import { TerminalScreen } from './terminal-screen.ts';

const main = new URL('../../../clients/cli/src/main.ts', import.meta.url).pathname;

/** Cuts start-up time by a third. */
const compileCache = new URL('../../../node_modules/.cache/iam-mfa', import.meta.url).pathname;

/** A separate home folder for each test, and ways to run commands in it. */
export class Home {
  folder = '';

  async create(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'iam-mfa-'));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async write(path: string, text: string): Promise<string> {
    const file = join(this.folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** Of the tests' own environment only PATH. */
  env(more: Environment = {}): NodeJS.ProcessEnv {
    // biome-ignore lint/style/noProcessEnv: programs are found by it
    const { PATH } = process.env;
    return { PATH, HOME: this.folder, TERM: 'xterm', NODE_COMPILE_CACHE: compileCache, ...more };
  }

  /** Runs the command without a terminal. `input` goes to its standard input. */
  run(args: readonly string[], env: Environment = {}, input = ''): Promise<Finished> {
    return runInProcess(args, this.env(env), input);
  }

  /** Runs the command with a simulated terminal, enough for prompts, typing and output. */
  open(args: readonly string[], env: Environment = {}, columns = 80): TerminalScreen {
    return openInProcess(args, this.env(env), columns);
  }

  /** Like `run`, in a separate process, for what only a process has, such as an exit code. */
  async runProcess(args: readonly string[], env: Environment = {}, input = ''): Promise<Finished> {
    const child = spawn(process.execPath, [main, ...args], { env: this.env(env), stdio: 'pipe' });
    const output = outputOf(child);
    child.stdin.on('error', () => undefined).end(input);
    const exitCode = await exitOf(child);
    return { exitCode, stdout: output.out, stderr: output.err };
  }

  /** Like `open`, in a separate process with a pseudo-terminal, for signals and terminal behaviour. */
  openProcess(
    args: readonly string[],
    env: Environment = {},
    { columns = 80, redirection = '' }: { readonly columns?: number; readonly redirection?: string } = {},
  ): TerminalScreen {
    const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const command = `stty cols ${columns}; ${words.join(' ')} ${redirection}`;
    const whole = this.env(env);
    assertScript(whole);
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: whole, stdio: 'pipe' });
    return new TerminalScreen({ keyboard: child.stdin, screen: child.stdout, exitCode: exitOf(child) });
  }
}

/** Throws if util-linux's `script` is missing; the BSD one takes other options. */
function assertScript(env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync('script', ['--version'], { env });
  if (status === 0) return;
  throw new Error(
    'These tests need the command "script" of util-linux. On Debian install the package bsdutils.',
  );
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      child.stdin?.end();
      resolve(exitCode);
    });
  });

export interface CommandTest {
  readonly api: Api;
  readonly home: Home;
  /** An environment with a seeded user's long-term keys. */
  as(userName: string): Environment;
}

/** One local stack per test file, and one home folder per test. */
export function useCommand(): CommandTest {
  const api = useApi();
  const home = useHome();
  return {
    api,
    home,
    as: (userName) => {
      const { accessKeyId, secretAccessKey } = userKeys(userName);
      api.sign(userName, 'GET', '/v1/me');
      return {
        IAM_MFA_API_URL: api.stack.apiUrl,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      };
    },
  };
}

export function useHome(): Home {
  const home = new Home();
  beforeEach(() => home.create());
  afterEach(() => home.remove());
  return home;
}
