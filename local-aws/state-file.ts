import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds for which a change waits for others. */
const debounceMs = 250;

/** A JSON document in a folder, written atomically shortly after a change. */
export class StateFile {
  readonly #path: string;
  readonly #current: () => unknown;
  #written: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param folder must exist
   * @param current returns the content to save */
  constructor(folder: string, name: string, current: () => unknown) {
    this.#path = join(folder, name);
    this.#current = current;
  }

  /** The saved content; undefined if there is none yet. Throws if the file is not JSON. */
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

  /** Call this after anything that may have changed the state. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.save(), debounceMs).unref();
  }

  /** Writes at once if anything has changed. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = JSON.stringify(this.#current());
    if (text === this.#written) return;
    const partial = `${this.#path}.partial`;
    // Contains secret keys and seeds, if only those of the local AWS.
    writeFileSync(partial, text, { mode: 0o600 });
    renameSync(partial, this.#path);
    this.#written = text;
  }
}
