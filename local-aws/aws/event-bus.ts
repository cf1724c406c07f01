import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import type { Rule } from '../cloudformation/events.ts';
import { RingBuffer } from '../ring-buffer.ts';
import { matchesPattern } from './event-pattern.ts';
import { isoSeconds } from './xml.ts';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** A delivery of an event to a rule's target. */
export interface Delivery {
  readonly eventId: string;
  readonly rule: string;
  /** The name of the topic or function. */
  readonly target: string;
}

/** A message published to an SNS topic. */
export interface Notification {
  readonly topic: string;
  readonly time: string;
  readonly message: string;
}

/** An event as passed to PutEvents. */
export type NewEvent = Pick<BusEvent, 'detail-type' | 'source' | 'resources' | 'detail'> & {
  /** Milliseconds. */
  readonly time: number;
};

export interface EventBusOptions {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly rules: readonly Rule[];
  /** Invokes a function that is a rule's target, if its policy lets the rule. */
  readonly invoke: (functionArn: string, event: BusEvent, rule: Rule) => void;
}

/** The default event bus, with the deployed rules. */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #events = new RingBuffer<BusEvent>();
  readonly #deliveries = new RingBuffer<Delivery>();
  readonly #notifications = new RingBuffer<Notification>();

  constructor(options: EventBusOptions) {
    this.#options = options;
  }

  get events(): readonly BusEvent[] {
    return this.#events.all;
  }

  get deliveries(): readonly Delivery[] {
    return this.#deliveries.all;
  }

  get notifications(): readonly Notification[] {
    return this.#notifications.all;
  }

  /** Records an event, delivers it to the targets of all matching rules, and returns its id. */
  put({ time, ...rest }: NewEvent): string {
    const { accountId: account, region } = this.#options;
    const id = randomUUID();
    const event: BusEvent = { version: '0', id, account, time: isoSeconds(time), region, ...rest };
    this.#events.add(event);
    for (const rule of this.#options.rules) {
      const { enabled, pattern } = rule;
      if (enabled && pattern !== undefined && matchesPattern(event, pattern)) this.#deliver(event, rule);
    }
    return id;
  }

  clear(): void {
    for (const buffer of [this.#events, this.#deliveries, this.#notifications]) buffer.clear();
  }

  #deliver(event: BusEvent, rule: Rule): void {
    for (const arn of rule.targets) {
      const target = arn.slice(arn.lastIndexOf(':') + 1);
      if (arn.includes(':sns:')) {
        const time = isoSeconds(this.#options.clock.now());
        this.#notifications.add({ topic: target, time, message: JSON.stringify(event) });
      } else this.#options.invoke(arn, event, rule);
      this.#deliveries.add({ eventId: event.id, rule: rule.name, target });
    }
  }
}
