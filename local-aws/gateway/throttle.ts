/** Limits of a method for all of its callers together. */
export interface Throttling {
  /** Requests per second. */
  readonly rate: number;
  /** Requests that may come at once. */
  readonly burst: number;
}

/** A token bucket, as API Gateway throttles: full at first, it fills at the rate up to the burst. */
export class TokenBucket {
  readonly #limits: Throttling;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** @param now milliseconds that never go back */
  constructor(limits: Throttling, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#tokens = limits.burst;
    this.#filledAt = now();
  }

  /** Whether another request may pass. */
  take(): boolean {
    const { rate, burst } = this.#limits;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * rate);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
