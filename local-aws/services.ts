import type { BusEvent, Delivery, Notification } from './aws/event-bus.ts';
import { EventBus } from './aws/event-bus.ts';
import { type Mail, Mailbox } from './aws/mailbox.ts';
import type { Operation } from './aws/operation.ts';
import type { JsonOperation } from './aws/protocols/json-protocol.ts';
import type { RestOperation } from './aws/protocols/rest-protocol.ts';
import { Secrets } from './aws/secrets.ts';
import { apiGatewayOperations } from './aws/services/api-gateway.ts';
import { cloudFormationOperations } from './aws/services/cloudformation.ts';
import { eventOperations } from './aws/services/events.ts';
import { lambdaOperations } from './aws/services/lambda.ts';
import { lambdaConfigurationOperations } from './aws/services/lambda-configurations.ts';
import { secretOperations } from './aws/services/secrets-manager.ts';
import { mailOperations } from './aws/services/ses.ts';
import type { LocalClock } from './clock.ts';
import type { Deployed } from './cloudformation/deploy.ts';
import { functionNameIn, type Invoker } from './cloudformation/lambda.ts';
import type { ControlPlane } from './control-plane/control-plane.ts';
import type { DeadLetter } from './lambda/asynchronous.ts';
import type { Lambda } from './lambda/lambda.ts';
import { LogSubscriptions } from './lambda/log-subscriptions.ts';
import type { Pending } from './lambda/pending.ts';
import { Schedules } from './schedules.ts';

export interface ServicesOptions {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly lambda: Lambda;
  /** Shared with the `lambda`. */
  readonly pending: Pending;
  readonly deployed: Pick<Deployed, 'mayInvoke' | 'rules' | 'subscriptions' | 'secrets'>;
  readonly controlPlane: ControlPlane;
}

/** Everything recorded so far, oldest first. */
export interface RecordedEvents {
  readonly events: readonly BusEvent[];
  readonly mails: readonly Mail[];
  readonly notifications: readonly Notification[];
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
}

const events = 'events.amazonaws.com';
const logs = 'logs.amazonaws.com';

/**
 * The services around the functions: EventBridge, the subscriptions to logs, Secrets Manager and SES; and what is told
 * of the deployment by CloudFormation, API Gateway and Lambda.
 */
export class Services {
  readonly bus: EventBus;
  readonly mailbox: Mailbox;
  readonly secrets: Secrets;
  readonly schedules: Schedules;
  /** The services' operations on the AWS endpoint. */
  readonly query: readonly Operation[];
  readonly json: readonly JsonOperation[];
  readonly rest: readonly RestOperation[];
  readonly #lambda: Lambda;
  readonly #pending: Pending;
  readonly #subscriptions: LogSubscriptions;

  constructor({ lambda, pending, deployed, controlPlane, ...place }: ServicesOptions) {
    this.#lambda = lambda;
    this.#pending = pending;
    const { mayInvoke, rules, subscriptions } = deployed;
    const invoke = (functionArn: string, event: unknown, invoker: Invoker) => {
      const name = functionNameIn(functionArn);
      if (mayInvoke(name, invoker)) lambda.invokeAsync(name, event);
    };
    this.bus = new EventBus({
      ...place,
      rules,
      invoke: (target, event, { arn }) => invoke(target, event, { service: events, sourceArn: arn }),
    });
    this.schedules = new Schedules({
      rules,
      mayInvoke,
      invoke: (name, event) => lambda.invoke(name, event),
      invokeAsync: (name, event) => lambda.invokeAsync(name, event),
      now: place.clock.now,
    });
    this.mailbox = new Mailbox(place);
    this.secrets = new Secrets(place, deployed.secrets);
    this.#subscriptions = new LogSubscriptions({
      ...place,
      pending,
      filters: subscriptions,
      deliver: ({ destinationArn, logGroupArn }, event) =>
        invoke(destinationArn, event, { service: logs, sourceArn: logGroupArn }),
    });
    lambda.onLine((line) => this.#subscriptions.offer(line));
    this.query = cloudFormationOperations(controlPlane);
    this.json = [...eventOperations(this.bus), ...secretOperations(this.secrets)];
    this.rest = [
      ...lambdaOperations(lambda),
      ...lambdaConfigurationOperations(controlPlane),
      ...apiGatewayOperations(controlPlane),
      ...mailOperations(this.mailbox),
    ];
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
    this.#subscriptions.pause();
    await this.#lambda.dropAsynchronous();
    await this.#pending.settled();
    this.bus.clear();
    this.mailbox.clear();
    this.secrets.reset();
    this.#subscriptions.resume();
  }

  /** Stops accepting audit lines. */
  close(): void {
    this.#subscriptions.pause();
  }
}
