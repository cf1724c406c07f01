import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Environment } from '../../../clients/cli/src/host.ts';
import { type Api, useApi } from '../../support/e2e.ts';
import { outputOf } from '../../support/output.ts';
import { userKeys } from '../../support/stack.ts';

const main = new URL('../../../clients/cli/src/main.ts', import.meta.url).pathname;

/** Runs start in two thirds of the time with it. */
const compileCache = new URL('../../../node_modules/.cache/iam-mfa', import.meta.url).pathname;

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home folder of its own for each test, and commands that run with it. */
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

  /** Nothing of the environment of the tests but where programs are. */
  env(more: Environment = {}): NodeJS.ProcessEnv {
    // biome-ignore lint/style/noProcessEnv: programs are found by it
    const { PATH } = process.env;
    return { PATH, HOME: this.folder, TERM: 'xterm', NODE_COMPILE_CACHE: compileCache, ...more };
  }

  /** Runs the command without a terminal. `input` is what its standard input has. */
  async run(args: readonly string[], env: Environment = {}, input = ''): Promise<Finished> {
    const child = spawn(process.execPath, [main, ...args], { env: this.env(env), stdio: 'pipe' });
    const output = outputOf(child);
    child.stdin.on('error', () => undefined).end(input);
    const exitCode = await exitOf(child);
    return { exitCode, stdout: output.out, stderr: output.err };
  }

  /** Runs the command in a pseudo-terminal. */
  open(
    args: readonly string[],
    env: Environment = {},
    { columns = 80, redirection = '' }: { readonly columns?: number; readonly redirection?: string } = {},
  ): TerminalScreen {
    const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const command = `stty cols ${columns}; ${words.join(' ')} ${redirection}`;
    const whole = this.env(env);
    assertScript(whole);
    return new TerminalScreen(spawn('script', ['-qec', command, '/dev/null'], { env: whole, stdio: 'pipe' }));
  }
}

/** Throws where there is none that makes pseudo-terminals; that of the BSDs takes other options. */
function assertScript(env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync('script', ['--version'], { env });
  if (status === 0) return;
  throw new Error(
    'These tests need the command "script" of util-linux. On Debian install the package bsdutils.',
  );
}

/** A question, and what is answered. */
export type Prompt = readonly [question: RegExp, answer: () => string];

/** What a person sees and types. */
export class TerminalScreen {
  readonly finished: Promise<{ readonly exitCode: number | null; readonly screen: string }>;
  readonly #child: ReturnType<typeof spawn>;
  #raw = '';
  #seen = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#raw += chunk;
    });
    this.finished = exitOf(child).then((exitCode) => ({ exitCode, screen: this.screen }));
  }

  /** All that was shown so far, without controls but for line breaks. */
  get screen(): string {
    return stripVTControlCharacters(this.#raw).replaceAll('\r', '\n');
  }

  get raw(): string {
    return this.#raw;
  }

  /** Waits for a text after that which was waited for before. Gives the match. */
  async sees(pattern: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => this.screen.slice(this.#seen)).toMatch(pattern);
    const match = pattern.exec(this.screen.slice(this.#seen));
    if (match === null) throw new Error(`gone again: ${pattern}`);
    this.#seen += match.index + match[0].length;
    return match;
  }

  /** Answers questions that come in this order; some may not come. Stops at the one with the number `end`. */
  async answer(prompts: readonly Prompt[], end = prompts.length): Promise<void> {
    for (let next = 0; next < prompts.length; ) {
      const open = prompts.slice(next);
      const [text] = await this.sees(new RegExp(open.map(([{ source }]) => source).join('|')));
      const asked = open.findIndex(([question]) => question.test(text));
      next += asked;
      if (next >= end) return;
      this.type(open[asked]?.[1]() ?? '');
      next += 1;
    }
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\r`);
  }

  pressCtrlC(): void {
    this.#child.stdin?.write('\u0003');
  }

  pressCtrlD(): void {
    this.#child.stdin?.write('\u0004');
  }
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
  /** The environment of a seeded user with his long-term keys. */
  as(userName: string): Environment;
}

/** A local stack for a test file and a home folder for each test. */
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
