import { gzipSync } from 'node:zlib';
import type { LocalClock } from '../clock.ts';
import type { LogLine } from './lambda.ts';
import type { Pending } from './pending.ts';

/** The event that CloudWatch Logs sends to a function subscribed to a log group. */
export interface LogsEvent {
  readonly awslogs: { readonly data: string };
}

export interface AuditSubscriptionOptions {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly pending: Pending;
  /** Sends a batch to the subscriber, which must not subscribe to itself. */
  readonly deliver: (event: LogsEvent) => void;
  readonly subscriber: string;
}

interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Milliseconds for which a line waits for others to share its batch. */
const batchMs = 5;

/** The subscription filter `{ $.audit IS TRUE }` on the log group of every function except the subscriber. */
export class AuditSubscription {
  readonly #options: AuditSubscriptionOptions;
  /** By function. */
  readonly #batches = new Map<string, LogEvent[]>();
  #lines = 0;
  #paused = false;

  constructor(options: AuditSubscriptionOptions) {
    this.#options = options;
  }

  /** Call this with every line that a function writes. */
  offer({ functionName, line }: LogLine): void {
    if (this.#paused || functionName === this.#options.subscriber || !isAuditLine(line)) return;
    this.#lines += 1;
    const timestamp = this.#options.clock.now();
    // 56 digits as in CloudWatch Logs; the timestamp keeps it unique across restarts.
    const id = `${timestamp}${String(this.#lines).padStart(43, '0')}`;
    const event = { id, timestamp, message: line };
    const batch = this.#batches.get(functionName);
    if (batch !== undefined) batch.push(event);
    else this.#begin(functionName, event);
  }

  /** Discards waiting lines and accepts no more. */
  pause(): void {
    this.#paused = true;
    this.#batches.clear();
  }

  resume(): void {
    this.#paused = false;
  }

  #begin(functionName: string, event: LogEvent): void {
    const batch = [event];
    this.#batches.set(functionName, batch);
    const sent = new Promise<void>((resolve) => {
      setTimeout(() => {
        if (this.#batches.get(functionName) === batch) this.#send(functionName, batch);
        resolve();
      }, batchMs);
    });
    this.#options.pending.add(sent);
  }

  #send(functionName: string, logEvents: readonly LogEvent[]): void {
    this.#batches.delete(functionName);
    const content = {
      messageType: 'DATA_MESSAGE',
      owner: this.#options.accountId,
      logGroup: `/aws/lambda/${functionName}`,
      logStream: 'local',
      subscriptionFilters: ['audit'],
      logEvents,
    };
    this.#options.deliver({ awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } });
  }
}

function isAuditLine(line: string): boolean {
  // Spares parsing most lines.
  if (!line.includes('"audit"')) return false;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'audit' in entry && entry.audit === true;
  } catch {
    return false;
  }
}
