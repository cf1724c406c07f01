import { setTimeout as sleep } from 'node:timers/promises';
import { RingBuffer } from '../ring-buffer.ts';
import { isThrottled } from './concurrency.ts';
import type { Outcome } from './instance.ts';
import type { FunctionError } from './messages.ts';
import type { Pending } from './pending.ts';

/** An event for which a function failed at every attempt, in the queue for those. */
export interface DeadLetter {
  readonly queue: string;
  readonly functionName: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly error: FunctionError;
}

/** What becomes of a function's asynchronous invocations. */
export interface AsynchronousSettings {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Takes failed events; without one, they are lost. */
  readonly onFailure?: FailureQueue;
}

export interface FailureQueue {
  readonly name: string;
  /** Whether the function may send to it now. */
  readonly accepts: () => boolean;
}

export interface AsynchronousOptions {
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** Stops a function, whatever it is doing. */
  readonly kill: (functionName: string) => Promise<void>;
  /** By default, as Lambda's. */
  readonly settingsOf?: (functionName: string) => AsynchronousSettings | undefined;
  readonly pending: Pending;
  /** Milliseconds that running functions get to finish before they are stopped; default two seconds. */
  readonly graceMs?: number;
}

interface Accepted {
  readonly functionName: string;
  readonly event: unknown;
  /** Milliseconds of real time. */
  readonly since: number;
  readonly settings: AsynchronousSettings;
  readonly ending: AbortSignal;
}

/** Milliseconds before each attempt. Lambda waits one minute, then two: too long for a local run. */
const attemptDelays = [0, 50, 200];
const throttledDelayMs = 50;
const defaultGraceMs = 2000;
/** Source: "Configuring error handling settings for asynchronous invocations", Lambda developer guide. */
const defaultSettings: AsynchronousSettings = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };
const tooOld: FunctionError = {
  errorType: 'EventAgeExceeded',
  errorMessage: 'The event was too old before the function had handled it',
};

/** Lambda's asynchronous invocations: retries after an error, then perhaps a dead letter. */
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
    const settings = this.#options.settingsOf?.(functionName) ?? defaultSettings;
    const accepted = { functionName, event, settings, since: Date.now(), ending: this.#ending.signal };
    const work = this.#deliver(accepted);
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

  async #deliver(accepted: Accepted): Promise<void> {
    const { maximumRetryAttempts, maximumEventAgeSeconds } = accepted.settings;
    let error: FunctionError = tooOld;
    let attempts = 0;
    let delay = attemptDelays[0];
    while (attempts <= maximumRetryAttempts) {
      await sleep(delay, undefined, { signal: accepted.ending }).catch(() => undefined);
      if (accepted.ending.aborted) return;
      if (Date.now() - accepted.since > maximumEventAgeSeconds * 1000) break;
      const result = await this.#attempt(accepted);
      if (result === 'done') return;
      // A throttled event waits for its turn; that is no attempt.
      if (result === 'throttled') delay = throttledDelayMs;
      else {
        error = result;
        attempts += 1;
        delay = attemptDelays[attempts];
      }
    }
    if (!accepted.ending.aborted) this.#fail(accepted, attempts, error);
  }

  #fail({ functionName, event, settings }: Accepted, attempts: number, error: FunctionError): void {
    const { onFailure } = settings;
    if (onFailure?.accepts() !== true) return;
    this.#deadLetters.add({ queue: onFailure.name, functionName, event, attempts, error });
  }

  async #attempt({ functionName, event }: Accepted): Promise<'done' | 'throttled' | FunctionError> {
    try {
      const outcome = await this.#options.invoke(functionName, event);
      return 'error' in outcome ? outcome.error : 'done';
    } catch (error) {
      if (isThrottled(error)) return 'throttled';
      return { errorType: 'ResourceNotFoundException', errorMessage: String(error) };
    }
  }
}
