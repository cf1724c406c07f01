import { codeAt, stepAt } from '../local-aws/aws/totp.ts';

/** An authenticator app (RFC 6238) on a device with a clock of its own. */
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

  /** Makes the device's clock slow by so many seconds more. */
  fallBehind(seconds: number): void {
    this.#behind += seconds * 1000;
  }

  /** The code that it shows now. */
  code(): string {
    return codeAt(this.#seed, this.#step());
  }

  /** The code that it shows now and the one after; IAM takes them at once. */
  consecutiveCodes(): { readonly code1: string; readonly code2: string } {
    const step = this.#step();
    return { code1: codeAt(this.#seed, step), code2: codeAt(this.#seed, step + 1) };
  }

  #step(): number {
    return stepAt(this.#now() - this.#behind);
  }
}

/** What the QR code of a new device tells. */
export interface Scanned {
  readonly serialNumber: string;
  readonly base32Seed: string;
}
