import { eventRules } from '../infra/template/event-rules.ts';
import type { BusEvent, Delivery, Notification } from './aws/event-bus.ts';
import { EventBus } from './aws/event-bus.ts';
import { type Mail, Mailbox } from './aws/mailbox.ts';
import type { JsonOperation } from './aws/protocols/json-protocol.ts';
import type { RestOperation } from './aws/protocols/rest-protocol.ts';
import { Secrets } from './aws/secrets.ts';
import { eventOperations } from './aws/services/events.ts';
import { lambdaOperations } from './aws/services/lambda.ts';
import { secretOperations } from './aws/services/secrets-manager.ts';
import { mailOperations } from './aws/services/ses.ts';
import type { LocalClock } from './clock.ts';
import { deployment, localFunctionName, seedSecrets } from './deployment.ts';
import type { DeadLetter } from './lambda/asynchronous.ts';
import { AuditSubscription } from './lambda/audit-subscription.ts';
import type { Lambda } from './lambda/lambda.ts';
import type { Pending } from './lambda/pending.ts';

export interface ServicesOptions {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly lambda: Lambda;
  /** The lambda's, too. */
  readonly pending: Pending;
}

/** All that became of the events so far. */
export interface Happenings {
  readonly events: readonly BusEvent[];
  readonly mails: readonly Mail[];
  readonly notifications: readonly Notification[];
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
}

/** What surrounds the functions: audit lines go to EventBridge, events to functions and topics, mails out. */
export class Services {
  readonly bus: EventBus;
  readonly mailbox: Mailbox;
  readonly secrets: Secrets;
  /** Their operations on the AWS endpoint. */
  readonly json: readonly JsonOperation[];
  readonly rest: readonly RestOperation[];
  readonly #lambda: Lambda;
  readonly #pending: Pending;
  readonly #subscription: AuditSubscription;

  constructor({ lambda, pending, ...place }: ServicesOptions) {
    this.#lambda = lambda;
    this.#pending = pending;
    this.bus = new EventBus({
      ...place,
      rules: eventRules(deployment.stage),
      invoke: (name, event) => lambda.invokeAsync(localFunctionName(name), event),
    });
    this.mailbox = new Mailbox(place);
    this.secrets = new Secrets(place, seedSecrets);
    const subscriber = localFunctionName('publish-events');
    const deliver = (event: unknown) => lambda.invokeAsync(subscriber, event);
    this.#subscription = new AuditSubscription({ ...place, pending, subscriber, deliver });
    lambda.onLine((line) => this.#subscription.offer(line));
    this.json = [...eventOperations(this.bus), ...secretOperations(this.secrets)];
    this.rest = [...lambdaOperations(lambda), ...mailOperations(this.mailbox)];
  }

  /** Everything kept, oldest first. */
  recordedEvents(): Happenings {
    const { events, notifications, deliveries } = this.bus;
    const { mails } = this.mailbox;
    return { events, mails, notifications, deliveries, deadLetters: this.#lambda.deadLetters };
  }

  /** Resolves when no asynchronous invocation, batch of lines or delivery is under way. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Back to the beginning: what is under way is dropped, and all that was kept is forgotten. */
  async reset(): Promise<void> {
    this.#subscription.pause();
    await this.#lambda.dropAsynchronous();
    await this.#pending.settled();
    this.bus.clear();
    this.mailbox.clear();
    this.secrets.reset();
    this.#subscription.resume();
  }

  /** Takes no more lines. */
  close(): void {
    this.#subscription.pause();
  }
}
