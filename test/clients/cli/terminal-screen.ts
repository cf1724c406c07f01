import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';

/** A prompt and the answer to it. */
export type Prompt = readonly [question: RegExp, answer: () => string];

interface Terminal {
  readonly keyboard: Writable;
  readonly screen: Readable;
  readonly exitCode: Promise<number | null>;
}

/** A terminal as a person sees it and types into it. */
export class TerminalScreen {
  readonly finished: Promise<{ readonly exitCode: number | null; readonly screen: string }>;
  readonly #keyboard: Writable;
  #raw = '';
  #seen = 0;

  constructor({ keyboard, screen, exitCode }: Terminal) {
    this.#keyboard = keyboard;
    screen.setEncoding('utf8').on('data', (text: string) => {
      this.#raw += text;
    });
    this.finished = exitCode.then((code) => ({ exitCode: code, screen: this.screen }));
  }

  /** Everything shown so far, without control characters other than line breaks. */
  get screen(): string {
    return stripVTControlCharacters(this.#raw).replaceAll('\r', '\n');
  }

  get raw(): string {
    return this.#raw;
  }

  /** Waits for text after the previous match, and returns the match. */
  async sees(pattern: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => this.screen.slice(this.#seen)).toMatch(pattern);
    const match = pattern.exec(this.screen.slice(this.#seen));
    if (match === null) throw new Error(`gone again: ${pattern}`);
    this.#seen += match.index + match[0].length;
    return match;
  }

  /** Answers prompts in this order, some of which may not appear. Stops at prompt number `end`. */
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
    this.#keyboard.write(`${line}\r`);
  }

  pressCtrlC(): void {
    this.#keyboard.write('\u0003');
  }

  pressCtrlD(): void {
    this.#keyboard.write('\u0004');
  }
}
