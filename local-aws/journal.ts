import { openSync, writeSync } from 'node:fs';
import type { TrailEvent } from './aws/trail.ts';
import type { LogLine } from './lambda/lambda.ts';

/** A line of the journal. `at` is real time, in milliseconds. */
export type JournalEntry =
  | { readonly at: number; readonly call: TrailEvent }
  | { readonly at: number; readonly log: LogLine };

/** A file to which every call of AWS and every line of a function is appended as JSON, for tests that kill the stack. */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
  }

  readonly call = (call: TrailEvent): void => this.#append({ at: Date.now(), call });

  readonly log = (log: LogLine): void => this.#append({ at: Date.now(), log });

  #append(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}
