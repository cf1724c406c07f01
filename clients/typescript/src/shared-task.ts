import { unlessAborted } from './wait.ts';

interface Running<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Work shared by all who join while it runs. It is aborted once the last of them has aborted. */
export class SharedTask<T> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  #running: Running<T> | undefined;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work;
  }

  async join(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#running ??= this.#start();
    const running = this.#running;
    running.waiting += 1;
    try {
      return await unlessAborted(running.promise, signal);
    } finally {
      running.waiting -= 1;
      if (running.waiting === 0) this.#end(running);
    }
  }

  /** Aborts the work, if any; it then rejects for everyone waiting. */
  abort(): void {
    if (this.#running !== undefined) this.#end(this.#running);
  }

  #start(): Running<T> {
    const controller = new AbortController();
    const running = { promise: this.#work(controller.signal), controller, waiting: 0 };
    running.promise.catch(() => undefined).finally(() => this.#forget(running));
    return running;
  }

  #end(running: Running<T>): void {
    this.#forget(running);
    running.controller.abort();
  }

  #forget(running: Running<T>): void {
    if (this.#running === running) this.#running = undefined;
  }
}
