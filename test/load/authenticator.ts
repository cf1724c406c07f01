import { totpAt } from '../support/totp.ts';

const stepMs = 30_000;

/** Shows codes of a device. It is ahead of the clock, for no code may be used twice. */
export class Authenticator {
  readonly #seed: string;
  #step = Math.floor(Date.now() / stepMs) - 2;

  constructor(seed: string) {
    this.#seed = seed;
  }

  next(): string {
    this.#step += 1;
    return totpAt(this.#seed, this.#step * stepMs);
  }

  pair(): { readonly code1: string; readonly code2: string } {
    return { code1: this.next(), code2: this.next() };
  }
}
