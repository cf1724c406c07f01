import { randomUUID } from 'node:crypto';
import type { BusEvent } from './aws/event-bus.ts';
import { isoSeconds } from './aws/xml.ts';
import type { Rule } from './cloudformation/events.ts';
import { functionNameIn, type MayInvoke } from './cloudformation/lambda.ts';
import { deployment } from './deployment.ts';
import type { Outcome } from './lambda/instance.ts';

export interface SchedulesOptions {
  readonly rules: readonly Rule[];
  /** Whether a rule may invoke a function. */
  readonly mayInvoke: MayInvoke;
  readonly invoke: (functionName: string, event: BusEvent) => Promise<Outcome>;
  readonly invokeAsync: (functionName: string, event: BusEvent) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Schedule {
  readonly ruleArn: string;
  readonly functionName: string;
  readonly everyMs: number;
}

/** The enabled rules that run functions at a fixed rate, by real time. */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #schedules: readonly Schedule[];

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#schedules = options.rules.flatMap(schedulesOf);
  }

  /** Starts running the functions; returns a function that stops it. */
  start(): () => void {
    const timers = this.#schedules.map((schedule) =>
      setInterval(() => this.#begin(schedule), schedule.everyMs).unref(),
    );
    return () => timers.forEach(clearInterval);
  }

  /** Runs a function as its schedule would, but waits for it. Returns the error's text, if any. */
  async run(functionName: string): Promise<string | undefined> {
    const schedule = this.#schedules.find((candidate) => candidate.functionName === functionName);
    if (schedule === undefined) return `No enabled rule runs ${functionName} on a schedule.`;
    if (!this.#isPermitted(schedule)) return `No permission lets ${schedule.ruleArn} invoke ${functionName}.`;
    const outcome = await this.#options.invoke(functionName, this.#eventOf(schedule));
    return 'error' in outcome ? `${outcome.error.errorType}: ${outcome.error.errorMessage}` : undefined;
  }

  #begin(schedule: Schedule): void {
    if (this.#isPermitted(schedule)) {
      this.#options.invokeAsync(schedule.functionName, this.#eventOf(schedule));
    }
  }

  #isPermitted({ functionName, ruleArn }: Schedule): boolean {
    return this.#options.mayInvoke(functionName, { service: 'events.amazonaws.com', sourceArn: ruleArn });
  }

  /** The event that EventBridge sends to a scheduled function. */
  #eventOf({ ruleArn }: Schedule): BusEvent {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: deployment.accountId,
      time: isoSeconds(this.#options.now()),
      region: deployment.region,
      resources: [ruleArn],
      detail: {},
    };
  }
}

function schedulesOf({ arn, enabled, schedule, targets }: Rule): readonly Schedule[] {
  if (schedule === undefined || !enabled) return [];
  const everyMs = millisecondsOf(schedule);
  return targets.map((target) => ({ ruleArn: arn, functionName: functionNameIn(target), everyMs }));
}

/** Milliseconds; Node turns longer timers into the shortest. */
const longestTimer = 2 ** 31 - 1;

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Throws an error for anything but a rate. Source: "Setting a schedule pattern", EventBridge user guide. */
function millisecondsOf(schedule: string): number {
  const { count, unit = '' } =
    /^rate\((?<count>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/.exec(schedule)?.groups ?? {};
  const milliseconds = units[unit];
  if (milliseconds === undefined)
    throw new Error(`The local AWS knows no schedule ${schedule}, only rate(…)`);
  return Math.min(Number(count) * milliseconds, longestTimer);
}
