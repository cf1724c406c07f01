import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A JSON document in a folder, replaced as a whole. What is saved outlives the process, however it ends, but not
 * a machine that loses its power.
 */
export class StateFile {
  readonly #path: string;
  readonly #current: () => unknown;
  #written: string | undefined;
  #dirty = false;
  /** The write under way, and the one after it, which begins with the state at that time. */
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

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

  /** Call this after anything that may have changed the state, before anyone else can see it. */
  changed(): void {
    this.#dirty = true;
  }

  /** Resolves once every change so far is in the file; rejects if it cannot be written. Changes share a write. */
  saved(): Promise<void> {
    if (this.#dirty) this.#next ??= this.#writeAfter(this.#writing);
    return this.#next ?? this.#writing ?? Promise.resolve();
  }

  async #writeAfter(earlier: Promise<void> | undefined): Promise<void> {
    await earlier?.catch(() => undefined);
    this.#writing = this.#next;
    this.#next = undefined;
    try {
      await this.#write();
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(): Promise<void> {
    const text = JSON.stringify(this.#current());
    this.#dirty = false;
    if (text === this.#written) return;
    const partial = `${this.#path}.partial`;
    try {
      // Contains secret keys and seeds, if only those of the local AWS.
      await writeFile(partial, text, { mode: 0o600 });
      await rename(partial, this.#path);
      this.#written = text;
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }
}
