import type { WriteStream } from 'node:tty';
import { exitCodes, Failure, Interrupted, usageFailure } from './failure.ts';
import type { Host, Output } from './host.ts';
import { harmless, harmlessJson, harmlessLines, rendered, type Text } from './text.ts';

export interface TerminalOptions {
  readonly output: 'table' | 'json';
  readonly quiet: boolean;
}

/** Milliseconds until something that takes its time is mentioned. */
const spinnerDelayMs = 700;

/**
 * Results go to standard output; questions, progress and hints to standard error. Nothing that is shown steers the
 * terminal, wherever it comes from.
 */
export class Terminal {
  readonly #host: Host;
  readonly #options: TerminalOptions;
  /** Aborted by Ctrl-C; calls of the API end with it. */
  readonly #controller = new AbortController();
  readonly #aborted = new Promise<never>((_, reject) => {
    this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
  });
  #lines: AsyncIterator<string> | undefined;
  #ownScreen: WriteStream | undefined;
  #asking = false;
  #waiting = false;
  /** Whether the last line tells that something takes its time. */
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

  /** Whether somebody sits there who can answer. */
  get interactive(): boolean {
    return this.#host.stdin.isTTY === true;
  }

  interrupt(): void {
    this.#controller.abort(new Interrupted());
  }

  /** The result of a command: the data as JSON, or as the text made of it. */
  result(data: unknown, text: () => Text): void {
    this.print(this.json ? harmlessJson(data, 2) : text());
  }

  print(text: Text): void {
    this.#host.stdout.write(`${rendered(text, this.#coloured('stdout'))}\n`);
  }

  /** A file, byte for byte unless it is shown in a terminal. */
  file(text: string): void {
    const { stdout } = this.#host;
    stdout.write(stdout.isTTY === true ? harmlessLines(text.replaceAll('\r\n', '\n')) : text);
  }

  /** What went wrong: the data as JSON on one line, or as the text made of it. */
  failure(data: unknown, text: () => Text): void {
    this.show(this.json ? harmlessJson(data) : text());
  }

  /** Something to know that is no result. */
  note(text: Text): void {
    if (!this.#options.quiet) this.show(text);
  }

  /** Something that has to be seen also where nothing else is to be told. */
  show(text: Text): void {
    this.#erase();
    this.#host.stderr.write(`${rendered(text, this.#coloured('stderr'))}\n`);
  }

  #coloured(stream: 'stdout' | 'stderr'): boolean {
    const { env, [stream]: target } = this.#host;
    return target.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  /** Throws where lines of standard error are too short for what must not be broken. */
  assertWidth(columns: number, otherwise: string): void {
    const { isTTY, columns: there = 0 } = this.#host.stderr;
    if (isTTY !== true || there === 0 || there >= columns) return;
    throw usageFailure(`This takes ${columns} columns, and the terminal has ${there}. ${otherwise}`);
  }

  /** Tells that something takes its time, on a line that goes again. */
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
   * Asks for a line. In a terminal `question` is asked anew each second, so that it can count down. Ctrl-C interrupts
   * the command; the end of the input is a failure.
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
    const hint = this.interactive
      ? ''
      : ' There is no terminal to ask at; answers may come by standard input.';
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

  /** Where a question can be seen: who starts this command may keep its standard error (as the AWS CLI does). */
  async #screen(): Promise<Output> {
    const { stderr } = this.#host;
    if (stderr.isTTY === true) return stderr;
    const [{ openSync }, tty] = await Promise.all([import('node:fs'), import('node:tty')]);
    this.#ownScreen ??= new tty.WriteStream(openSync('/dev/tty', 'w'));
    return this.#ownScreen;
  }

  /** Input that is no terminal: one line is one answer. */
  async #nextLine(): Promise<string | undefined> {
    const { createInterface } = await import('node:readline');
    this.#lines ??= createInterface({ input: this.#host.stdin })[Symbol.asyncIterator]();
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  /** Lets the process end though input may still come. */
  close(): void {
    this.#ownScreen?.destroy();
    if (this.#lines !== undefined) this.#host.stdin.destroy();
  }
}
