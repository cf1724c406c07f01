import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The lines that a file gets, piece by piece. */
export class GrowingFile {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was appended since the last call, up to the last end of a line. */
  read(): string {
    const file = openSync(this.#path, 'r');
    try {
      const piece = Buffer.alloc(fstatSync(file).size - this.#offset);
      readSync(file, piece, 0, piece.length, this.#offset);
      const end = piece.lastIndexOf('\n') + 1;
      this.#offset += end;
      return piece.toString('utf8', 0, end);
    } finally {
      closeSync(file);
    }
  }
}
