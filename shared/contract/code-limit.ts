/**
 * How often codes of one device may be sent within a window. Windows begin at whole multiples of their length, as those
 * of STS do, which itself allows nine.
 */
export const codeLimit = { most: 5, windowSeconds: 180 } as const;

/** What is left of the limit. */
export interface RateLimit {
  /** How many more times codes of the device may be sent. */
  readonly left: number;
  /** Seconds until the window ends, and they may be sent as often as ever. */
  readonly resetSeconds: number;
}

/** An output, with what is left of the limit where codes were submitted for it. */
export class Metered<T> {
  readonly output: T;
  readonly rateLimit: RateLimit | undefined;

  constructor(output: T, rateLimit: RateLimit | undefined) {
    this.output = output;
    this.rateLimit = rateLimit;
  }
}
