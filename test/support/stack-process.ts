import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { type Output, outputOf } from './output.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const startMs = 60_000;

/** The local product in a process of its own, as `npm start` runs it, which can be killed and started again. */
export class StackProcess {
  readonly #env: Readonly<Record<string, string>>;
  readonly #outputs: Output[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  apiUrl = '';
  awsUrl = '';
  /** Goes up with each kill. */
  kills = 0;
  isDown = false;

  /** @param env settings of `npm start`, besides the ports */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = { PATH: dirname(process.execPath), PORT: '0', AWS_PORT: '0', ...env };
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Everything printed so far. */
  get output(): string {
    return this.#outputs.map(({ out, err }) => out + err).join('\n');
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    // The shell makes way for Node.
    const child = spawn(packageJson.scripts.start, { shell: true, cwd: root, env: this.#env });
    this.#child = child;
    this.#ended = once(child, 'exit');
    const output = outputOf(child);
    this.#outputs.push(output);
    const deadline = Date.now() + startMs;
    while (!output.out.includes('Requests:')) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`No start: ${output.err}`);
      await sleep(20);
    }
    const urlOf = (what: string) => new RegExp(`${what} +(http:\\S+)`).exec(output.out)?.[1] ?? '';
    this.apiUrl = urlOf('API');
    this.awsUrl = urlOf('AWS');
    this.isDown = false;
  }

  /** Ends the process as a crash would, at once; resolves when it has ended. */
  async kill(): Promise<void> {
    if (!this.isDown) this.kills += 1;
    this.isDown = true;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM');
    await this.#ended;
  }
}
