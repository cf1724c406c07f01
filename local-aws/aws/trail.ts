import type { Service } from './service.ts';

/** A call, as CloudTrail would record it. Contains no secret, code or seed. */
export interface TrailEvent {
  /** Milliseconds of the local AWS's clock. */
  readonly time: number;
  readonly service: Service;
  readonly operation: string;
  /** Absent if the caller was not authenticated. */
  readonly principalArn?: string;
  readonly sourceIdentity?: string;
  /** Role sessions only: the ARN of the principal that began the chain of roles. */
  readonly origin?: string;
  /** The caller's IP address. */
  readonly source: string;
  /** The names and serial numbers in the request to IAM or STS, if any. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Absent if the call succeeded. */
  readonly errorCode?: string;
}

const capacity = 1000;

/** The latest calls, oldest first. */
export class Trail {
  #events: TrailEvent[] = [];
  readonly #listeners: ((event: TrailEvent) => void)[] = [];

  /** Calls the listener with every call from now on. */
  onCall(listener: (event: TrailEvent) => void): void {
    this.#listeners.push(listener);
  }

  record(event: TrailEvent): void {
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
    // Trimmed only occasionally, so that a busy server does not copy the list at every call.
    if (this.#events.length >= 2 * capacity) this.#events = this.#events.slice(-capacity);
  }

  events(): readonly TrailEvent[] {
    return this.#events.slice(-capacity);
  }

  clear(): void {
    this.#events = [];
  }
}
