import { gzipSync } from 'node:zlib';
import type { LocalClock } from '../clock.ts';
import type { SubscriptionFilter } from '../cloudformation/logs.ts';
import type { LogLine } from './lambda.ts';
import type { Pending } from './pending.ts';

/** The event that CloudWatch Logs sends to a function subscribed to a log group. */
export interface LogsEvent {
  readonly awslogs: { readonly data: string };
}

export interface LogSubscriptionsOptions {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly pending: Pending;
  readonly filters: readonly SubscriptionFilter[];
  /** Sends a batch to a filter's destination. */
  readonly deliver: (filter: SubscriptionFilter, event: LogsEvent) => void;
}

interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Milliseconds for which a line waits for others to share its batch. */
const batchMs = 5;

/** The subscriptions to functions' log groups. */
export class LogSubscriptions {
  readonly #options: LogSubscriptionsOptions;
  readonly #filters: ReadonlyMap<string, readonly SubscriptionFilter[]>;
  readonly #batches = new Map<SubscriptionFilter, LogEvent[]>();
  #lines = 0;
  #paused = false;

  constructor(options: LogSubscriptionsOptions) {
    this.#options = options;
    this.#filters = Map.groupBy(options.filters, ({ logGroupName }) => logGroupName);
  }

  /** Call this with every line that a function writes. */
  offer({ functionName, line }: LogLine): void {
    if (this.#paused) return;
    for (const filter of this.#filters.get(`/aws/lambda/${functionName}`) ?? []) {
      if (filter.matches(line)) this.#add(filter, line);
    }
  }

  /** Discards waiting lines and accepts no more. */
  pause(): void {
    this.#paused = true;
    this.#batches.clear();
  }

  resume(): void {
    this.#paused = false;
  }

  #add(filter: SubscriptionFilter, line: string): void {
    this.#lines += 1;
    const timestamp = this.#options.clock.now();
    // 56 digits as in CloudWatch Logs; the timestamp keeps it unique across restarts.
    const id = `${timestamp}${String(this.#lines).padStart(43, '0')}`;
    const event = { id, timestamp, message: line };
    const batch = this.#batches.get(filter);
    if (batch !== undefined) batch.push(event);
    else this.#begin(filter, event);
  }

  #begin(filter: SubscriptionFilter, event: LogEvent): void {
    const batch = [event];
    this.#batches.set(filter, batch);
    const sent = new Promise<void>((resolve) => {
      setTimeout(() => {
        if (this.#batches.get(filter) === batch) this.#send(filter, batch);
        resolve();
      }, batchMs);
    });
    this.#options.pending.add(sent);
  }

  #send(filter: SubscriptionFilter, logEvents: readonly LogEvent[]): void {
    this.#batches.delete(filter);
    const content = {
      messageType: 'DATA_MESSAGE',
      owner: this.#options.accountId,
      logGroup: filter.logGroupName,
      logStream: 'local',
      subscriptionFilters: [filter.name],
      logEvents,
    };
    const data = gzipSync(JSON.stringify(content)).toString('base64');
    this.#options.deliver(filter, { awslogs: { data } });
  }
}
