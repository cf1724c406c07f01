import { stripVTControlCharacters, styleText } from 'node:util';
import { tableLines } from '../local-aws/table.ts';

/** The members of an answer worth showing; undefined ones are omitted. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  /** Method and path, or the action of an AWS service. */
  readonly request: string;
  readonly body?: unknown;
  readonly note?: string | undefined;
  /** The name of the signing credentials; undefined for an unsigned call. */
  readonly signedWith?: string | undefined;
}

const width = 100;
const indent = '    ';
/** Longer texts in a request are truncated; a seed has exactly this length. */
const maxTextLength = 64;

/** Prints a story line by line. `styleText` omits colours if the output does not support them. */
export class ConsolePrinter {
  readonly #print: (line: string) => void;
  #step = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** The number of the current step. */
  get step(): number {
    return this.#step;
  }

  title(title: string): void {
    this.#print(`\n${styleText('bold', title)}`);
  }

  chapter(title: string): void {
    this.#print(`\n${styleText(['bold', 'underline'], title)}`);
  }

  /** Starts a step: says in a plain sentence what happens next. */
  sentence(text: string): void {
    this.#step += 1;
    const [first = '', ...others] = wrapped(text, width - indent.length);
    this.#print(`\n${styleText('bold', String(this.#step).padStart(2))}  ${first}`);
    for (const line of others) this.#print(`${indent}${line}`);
  }

  call({ request, body, note, signedWith }: Call): void {
    const content = body === undefined ? '' : ` ${styleText('dim', JSON.stringify(body, truncated))}`;
    this.#print(`${indent}${styleText('cyan', request)}${content}`);
    if (note !== undefined) this.#print(`${indent}${styleText('dim', note)}`);
    if (signedWith !== undefined) this.#print(`${indent}${styleText('dim', `signed with ${signedWith}`)}`);
  }

  /** @param code a problem's code, or the name of AWS's error */
  status(status: number, code = ''): void {
    const colour = status < 400 ? 'green' : status < 500 ? 'yellow' : 'red';
    this.#print(`${indent}${styleText(colour, `${status} ${code}`.trim())}`);
  }

  facts(facts: Facts): void {
    const known = Object.entries(facts).filter(([, value]) => value !== undefined);
    const column = Math.max(0, ...known.map(([name]) => name.length)) + 2;
    const margin = `${indent}  `;
    for (const [name, value] of known) {
      const [first = '', ...others] = wrapped(String(value), width - margin.length - column);
      this.#print(`${margin}${styleText('dim', name.padEnd(column))}${first}`);
      for (const line of others) this.#print(`${margin}${' '.repeat(column)}${line}`);
    }
  }

  table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
    this.#print('');
    for (const line of tableLines(headings, rows)) this.#print(`${indent}  ${line}`);
  }

  /** Prints a QR code of block characters, dark on light whatever the terminal's theme. */
  qrCode(blocks: string): void {
    this.#print('');
    for (const line of stripVTControlCharacters(blocks).replace(/\n$/, '').split('\n')) {
      this.#print(`${indent}${styleText(['black', 'bgWhiteBright'], line)}`);
    }
    this.#print('');
  }
}

/** The beginning of a secret, enough to recognise it. */
export function shortened(secret: string): string {
  return `${secret.slice(0, 8)}… (${secret.length} characters)`;
}

/** Wraps text; only a single long word can exceed the limit. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function truncated(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > maxTextLength
    ? `${value.slice(0, maxTextLength)}…`
    : value;
}
