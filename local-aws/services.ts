import { operatorsRule } from '../infra/template/event-rules.ts';
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
  /** Shared with the `lambda`. */
  readonly pending: Pending;
}

/** Everything recorded so far, oldest first. */
export interface RecordedEvents {
  readonly events: readonly BusEvent[];
  readonly mails: readonly Mail[];
  readonly notifications: readonly Notification[];
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
}

/** The services around the functions: EventBridge with the audit subscription, Secrets Manager and SES. */
export class Services {
  readonly bus: EventBus;
  readonly mailbox: Mailbox;
  readonly secrets: Secrets;
  /** The services' operations on the AWS endpoint. */
  readonly json: readonly JsonOperation[];
  readonly rest: readonly RestOperation[];
  readonly #lambda: Lambda;
  readonly #pending: Pending;
  readonly #subscription: AuditSubscription;

  constructor({ lambda, pending, ...place }: ServicesOptions) {
    this.#lambda = lambda;
    this.#pending = pending;
    this.bus = new EventBus({ ...place, rules: [operatorsRule(deployment.stage)] });
    this.mailbox = new Mailbox(place);
    this.secrets = new Secrets(place, seedSecrets);
    const subscriber = localFunctionName('publish-events');
    const deliver = (event: unknown) => lambda.invokeAsync(subscriber, event);
    this.#subscription = new AuditSubscription({ ...place, pending, subscriber, deliver });
    lambda.onLine((line) => this.#subscription.offer(line));
    this.json = [...eventOperations(this.bus), ...secretOperations(this.secrets)];
    this.rest = [...lambdaOperations(lambda), ...mailOperations(this.mailbox)];
  }

  recordedEvents(): RecordedEvents {
    const { events, notifications, deliveries } = this.bus;
    const { mails } = this.mailbox;
    return { events, mails, notifications, deliveries, deadLetters: this.#lambda.deadLetters };
  }

  /** Resolves when no asynchronous invocation, batch of audit lines or delivery is pending. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Restores the initial state: drops pending work and clears all records. */
  async reset(): Promise<void> {
    this.#subscription.pause();
    await this.#lambda.dropAsynchronous();
    await this.#pending.settled();
    this.bus.clear();
    this.mailbox.clear();
    this.secrets.reset();
    this.#subscription.resume();
  }

  /** Stops accepting audit lines. */
  close(): void {
    this.#subscription.pause();
  }
}
