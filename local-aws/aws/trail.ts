import type { Service } from './service.ts';

/** One call, as CloudTrail would tell of it. Holds no secret, code or seed. */
export interface TrailEvent {
  /** Milliseconds of the local AWS's clock. */
  readonly time: number;
  readonly service: Service;
  readonly operation: string;
  /** Absent when the caller was not authenticated. */
  readonly principalArn?: string;
  readonly sourceIdentity?: string;
  /** Of sessions of roles: the ARN of who began the chain of roles. */
  readonly origin?: string;
  /** The caller's IP address. */
  readonly source: string;
  /** Absent when the call succeeded. */
  readonly errorCode?: string;
}

const capacity = 1000;

/** The latest calls, oldest first. */
export class Trail {
  #events: TrailEvent[] = [];

  record(event: TrailEvent): void {
    this.#events.push(event);
    // Trimmed rarely, so that a busy server does not move the list at every call.
    if (this.#events.length >= 2 * capacity) this.#events = this.#events.slice(-capacity);
  }

  events(): readonly TrailEvent[] {
    return this.#events.slice(-capacity);
  }

  clear(): void {
    this.#events = [];
  }
}
