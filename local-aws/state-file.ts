import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds that changes may wait for more of them. */
const debounceMs = 250;

/** Keeps a JSON document in a folder: written some time after a change, whole or not at all. */
export class StateFile {
  readonly #path: string;
  readonly #current: () => unknown;
  #written: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param folder must exist
   * @param current gives what is to be kept */
  constructor(folder: string, name: string, current: () => unknown) {
    this.#path = join(folder, name);
    this.#current = current;
  }

  /** What was kept; undefined when there is nothing yet. Throws when the file is not JSON. */
  read(): unknown {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`${this.#path} is not JSON; repair it, or remove it`, { cause: error });
    }
  }

  /** To be called after whatever may have changed the state. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.save(), debounceMs).unref();
  }

  /** Writes at once, if there is something new. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = JSON.stringify(this.#current());
    if (text === this.#written) return;
    const partial = `${this.#path}.partial`;
    // Holds secret keys and seeds, even if only of the local AWS.
    writeFileSync(partial, text, { mode: 0o600 });
    renameSync(partial, this.#path);
    this.#written = text;
  }
}
