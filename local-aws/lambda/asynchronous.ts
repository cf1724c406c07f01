import { setTimeout as sleep } from 'node:timers/promises';
import { RingBuffer } from '../ring-buffer.ts';
import type { Outcome } from './instance.ts';
import type { FunctionError } from './messages.ts';
import type { Pending } from './pending.ts';

/** An event for which a function failed at every attempt. */
export interface DeadLetter {
  readonly functionName: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly error: FunctionError;
}

export interface AsynchronousOptions {
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** Stops a function, whatever it is doing. */
  readonly kill: (functionName: string) => Promise<void>;
  readonly pending: Pending;
  /** Milliseconds that running functions get to finish before they are stopped; default two seconds. */
  readonly graceMs?: number;
}

/** Milliseconds before each attempt. Lambda waits one minute, then two: too long for a local run. */
const attemptDelays = [0, 50, 200];
const defaultGraceMs = 2000;

/** Lambda's asynchronous invocations: two retries after an error, then a dead letter. */
export class AsynchronousInvocations {
  readonly #options: AsynchronousOptions;
  readonly #deadLetters = new RingBuffer<DeadLetter>();
  readonly #running = new Map<Promise<void>, string>();
  #ending = new AbortController();

  constructor(options: AsynchronousOptions) {
    this.#options = options;
  }

  get deadLetters(): readonly DeadLetter[] {
    return this.#deadLetters.all;
  }

  /** Does nothing while invocations are being dropped, or after closing. */
  add(functionName: string, event: unknown): void {
    const work = this.#deliver(functionName, event, this.#ending.signal);
    this.#running.set(work, functionName);
    this.#options.pending.add(work);
    void work.then(() => this.#running.delete(work));
  }

  /** Cancels waiting invocations, stops running ones after a grace period, and clears the dead letters. */
  async drop(): Promise<void> {
    this.#ending.abort();
    const { graceMs = defaultGraceMs } = this.#options;
    const grace = new AbortController();
    const timeUp = sleep(graceMs, undefined, { signal: grace.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#running.keys()), timeUp]);
    grace.abort();
    await Promise.all([...new Set(this.#running.values())].map((name) => this.#options.kill(name)));
    await Promise.all(this.#running.keys());
    this.#deadLetters.clear();
    this.#ending = new AbortController();
  }

  /** Stops accepting and retrying. Running invocations end with their workers. */
  close(): void {
    this.#ending.abort();
  }

  async #deliver(functionName: string, event: unknown, ending: AbortSignal): Promise<void> {
    let error: FunctionError | undefined;
    for (const delay of attemptDelays) {
      await sleep(delay, undefined, { signal: ending }).catch(() => undefined);
      if (ending.aborted) return;
      error = await this.#attempt(functionName, event);
      if (error === undefined) return;
    }
    if (error === undefined || ending.aborted) return;
    this.#deadLetters.add({ functionName, event, attempts: attemptDelays.length, error });
  }

  /** Returns the error, if any. */
  async #attempt(functionName: string, event: unknown): Promise<FunctionError | undefined> {
    try {
      const outcome = await this.#options.invoke(functionName, event);
      return 'error' in outcome ? outcome.error : undefined;
    } catch (error) {
      return { errorType: 'ResourceNotFoundException', errorMessage: String(error) };
    }
  }
}
