/**
 * How often codes of one device may be submitted within a window. Windows start at multiples of their length, as do
 * those of STS, which allows nine.
 */
export const codeLimit = { most: 5, windowSeconds: 180 } as const;

/** What is left of the limit. */
export interface RateLimit {
  /** How many more times codes of the device may be submitted. */
  readonly left: number;
  /** Seconds until the window ends and the limit is reset. */
  readonly resetSeconds: number;
}

/** An output, with what is left of the limit if codes were submitted for it. */
export class Metered<T> {
  readonly output: T;
  readonly rateLimit: RateLimit | undefined;

  constructor(output: T, rateLimit: RateLimit | undefined) {
    this.output = output;
    this.rateLimit = rateLimit;
  }
}
