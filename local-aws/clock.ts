/**
 * The local AWS's clock: real time plus an offset that users can move forward. The offset is in shared memory, so the
 * functions' workers see changes at once.
 */
export class LocalClock {
  readonly memory: SharedArrayBuffer;
  readonly #offset: BigInt64Array;

  /** @param memory of the clock to follow */
  constructor(memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#offset = new BigInt64Array(memory);
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => Date.now() + Number(Atomics.load(this.#offset, 0));

  advance(seconds: number): void {
    Atomics.add(this.#offset, 0, BigInt(Math.round(seconds * 1000)));
  }

  /** Returns to real time. */
  reset(): void {
    Atomics.store(this.#offset, 0, 0n);
  }
}
