import { codeAt, stepAt } from '../local-aws/aws/totp.ts';

/** An authenticator app (RFC 6238) on a device with its own clock. */
export class Authenticator {
  readonly serialNumber: string;
  readonly #seed: string;
  readonly #now: () => number;
  #behind = 0;

  /** @param now the true time in milliseconds */
  constructor({ serialNumber, base32Seed }: Scanned, now: () => number) {
    this.serialNumber = serialNumber;
    this.#seed = base32Seed;
    this.#now = now;
  }

  /** Sets the device's clock further back. */
  fallBehind(seconds: number): void {
    this.#behind += seconds * 1000;
  }

  /** The current code. */
  code(): string {
    return codeAt(this.#seed, this.#step());
  }

  /** The current code and the next; IAM accepts them without waiting. */
  consecutiveCodes(): { readonly code1: string; readonly code2: string } {
    const step = this.#step();
    return { code1: codeAt(this.#seed, step), code2: codeAt(this.#seed, step + 1) };
  }

  #step(): number {
    return stepAt(this.#now() - this.#behind);
  }
}

/** The content of a new device's QR code. */
export interface Scanned {
  readonly serialNumber: string;
  readonly base32Seed: string;
}
