import type { WriteStream } from 'node:tty';
import { exitCodes, Failure, Interrupted, usageFailure } from './failure.ts';
import type { Host, Output } from './host.ts';
import { harmless, harmlessJson, harmlessLines, rendered, type Text } from './text.ts';

export interface TerminalOptions {
  readonly output: 'table' | 'json';
  readonly quiet: boolean;
}

/** Milliseconds before progress is shown. */
const spinnerDelayMs = 700;

/**
 * Results go to standard output; questions, progress and hints to standard error. No text shown, whatever its source,
 * can control the terminal.
 */
export class Terminal {
  readonly #host: Host;
  readonly #options: TerminalOptions;
  /** Aborted by Ctrl-C, which also aborts calls to the API. */
  readonly #controller = new AbortController();
  readonly #aborted = new Promise<never>((_, reject) => {
    this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
  });
  #lines: AsyncIterator<string> | undefined;
  #ownScreen: WriteStream | undefined;
  #asking = false;
  #waiting = false;
  /** Whether the last line shows progress. */
  #drawn = false;

  constructor(host: Host, options: TerminalOptions) {
    this.#host = host;
    this.#options = options;
    this.#aborted.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get json(): boolean {
    return this.#options.output === 'json';
  }

  /** Whether there is a person to answer. */
  get interactive(): boolean {
    return this.#host.stdin.isTTY === true;
  }

  interrupt(): void {
    this.#controller.abort(new Interrupted());
  }

  /** Prints a command's result, as JSON or as text. */
  result(data: unknown, text: () => Text): void {
    this.print(this.json ? harmlessJson(data, 2) : text());
  }

  print(text: Text): void {
    this.#host.stdout.write(`${rendered(text, this.#coloured('stdout'))}\n`);
  }

  /** Prints a file unchanged, unless it goes to a terminal. */
  file(text: string): void {
    const { stdout } = this.#host;
    stdout.write(stdout.isTTY === true ? harmlessLines(text.replaceAll('\r\n', '\n')) : text);
  }

  /** Reports a failure, as JSON on one line or as text. */
  failure(data: unknown, text: () => Text): void {
    this.show(this.json ? harmlessJson(data) : text());
  }

  /** Shows a hint, unless `--quiet` is given. */
  note(text: Text): void {
    if (!this.#options.quiet) this.show(text);
  }

  /** Shows something even with `--quiet`. */
  show(text: Text): void {
    this.#erase();
    this.#host.stderr.write(`${rendered(text, this.#coloured('stderr'))}\n`);
  }

  #coloured(stream: 'stdout' | 'stderr'): boolean {
    const { env, [stream]: target } = this.#host;
    return target.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  /** Throws a failure if the terminal is too narrow for text that must not wrap. */
  assertWidth(columns: number, otherwise: string): void {
    const { isTTY, columns: there = 0 } = this.#host.stderr;
    if (isTTY !== true || there === 0 || there >= columns) return;
    throw usageFailure(`This needs ${columns} columns, but the terminal has only ${there}. ${otherwise}`);
  }

  /** Shows progress on a line that is erased when the work is done. */
  async during<T>(text: string, work: Promise<T>): Promise<T> {
    const { stderr } = this.#host;
    if (this.#options.quiet || this.#waiting || stderr.isTTY !== true) return work;
    this.#waiting = true;
    const begun = Date.now();
    const draw = () => {
      if (this.#asking) return;
      this.#erase();
      this.#drawn = true;
      stderr.write(`${text} … ${Math.floor((Date.now() - begun) / 1000)} s`);
    };
    const timer = setInterval(draw, spinnerDelayMs);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.#waiting = false;
      this.#erase();
    }
  }

  #erase(): void {
    if (this.#drawn) this.#host.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }

  /**
   * Reads one line. In a terminal the question is redrawn every second, so that it can count down. Ctrl-C interrupts
   * the command; end of input is a failure.
   */
  async ask(question: () => string): Promise<string> {
    this.signal.throwIfAborted();
    this.#erase();
    this.#asking = true;
    const shown = () => harmless(question());
    try {
      const answer = this.interactive ? this.#askPerson(shown) : this.#nextLine();
      const line = await Promise.race([answer, this.#aborted]);
      if (line !== undefined) return line.trim();
    } finally {
      this.#asking = false;
    }
    const hint = this.interactive ? '' : ' There is no terminal; provide the answer on standard input.';
    const asked = shown().replace(/:? *$/, '');
    throw new Failure(exitCodes.refused, 'no-answer', `No answer to "${asked}".${hint}`);
  }

  async #askPerson(question: () => string): Promise<string | undefined> {
    const [{ createInterface }, output] = await Promise.all([import('node:readline'), this.#screen()]);
    const terminal = createInterface({ input: this.#host.stdin, output, terminal: true, historySize: 0 });
    const draw = () => {
      terminal.setPrompt(question());
      terminal.prompt(true);
    };
    const timer = setInterval(draw, 1000);
    const interrupted = () => terminal.close();
    this.signal.addEventListener('abort', interrupted, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        terminal.on('SIGINT', () => this.interrupt());
        terminal.on('line', resolve);
        terminal.on('close', () => (this.signal.aborted ? reject(this.signal.reason) : resolve(undefined)));
        draw();
      });
    } finally {
      clearInterval(timer);
      this.signal.removeEventListener('abort', interrupted);
      terminal.close();
      if (this.signal.aborted) output.write('\n');
    }
  }

  /** Where the user can see a question: a parent such as the AWS CLI may capture standard error. */
  async #screen(): Promise<Output> {
    const { stderr } = this.#host;
    if (stderr.isTTY === true) return stderr;
    const [{ openSync }, tty] = await Promise.all([import('node:fs'), import('node:tty')]);
    this.#ownScreen ??= new tty.WriteStream(openSync('/dev/tty', 'w'));
    return this.#ownScreen;
  }

  /** Without a terminal, each line of input is one answer. */
  async #nextLine(): Promise<string | undefined> {
    const { createInterface } = await import('node:readline');
    this.#lines ??= createInterface({ input: this.#host.stdin })[Symbol.asyncIterator]();
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  /** Lets the process exit while input is still open. */
  close(): void {
    this.#ownScreen?.destroy();
    if (this.#lines !== undefined) this.#host.stdin.destroy();
  }
}
