import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { AsynchronousInvocations, type AsynchronousSettings, type DeadLetter } from './asynchronous.ts';
import { Concurrency } from './concurrency.ts';
import { Instance, type Outcome } from './instance.ts';
import { Instances, type Started, type Watching } from './instances.ts';
import { Pending } from './pending.ts';

/** A function's configuration. */
export interface FunctionDefinition {
  readonly name: string;
  /** File URL of the module that exports `handler`; asked for at each cold start if it is a function. */
  readonly handlerUrl: string | (() => Promise<string>);
  /** Milliseconds of real time; default 15 s. */
  readonly timeoutMs?: number;
  /** Invocations at a time; default any number. */
  readonly reservedConcurrency?: number;
  /** Default as Lambda's. */
  readonly asynchronous?: AsynchronousSettings;
  /** MB; default 256. What is kept in the heap may not take more. */
  readonly memorySize?: number;
  /** Called at each cold start. `expiresAt` is when its credentials expire, by the local clock. */
  readonly environment: () => {
    readonly variables: Readonly<Record<string, string>>;
    readonly expiresAt: number;
  };
}

export interface LogLine {
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  readonly line: string;
}

export interface LambdaOptions {
  readonly clock: LocalClock;
  readonly functions: readonly FunctionDefinition[];
  readonly region: string;
  readonly accountId: string;
  /** Tracks background work. */
  readonly pending?: Pending;
  readonly onLog?: (line: LogLine) => void;
  /** How many instances may live at a time, but for those that would wait for long; default 12. */
  readonly mostInstances?: number;
  /** Milliseconds for which they wait; default ten seconds. */
  readonly patienceMs?: number;
  /** Milliseconds without work after which an instance ends; default half a minute. */
  readonly idleMs?: number;
}

const defaultTimeoutMs = 15_000;
const defaultMemorySize = 256;
/** Each takes about 25 MB. */
const defaultMostInstances = 12;
const defaultPatienceMs = 10_000;
const defaultIdleMs = 30_000;
const maxLines = 20_000;

/** A small Lambda: a worker thread per function, started by an invocation and ended when it has nothing to do. */
export class Lambda {
  readonly #options: LambdaOptions;
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;
  readonly #instances: Instances;
  readonly #lines: LogLine[] = [];
  readonly #listeners: ((line: LogLine) => void)[] = [];
  readonly #pending: Pending;
  readonly #asynchronous: AsynchronousInvocations;
  readonly #concurrency = new Concurrency();
  #closed = false;

  constructor(options: LambdaOptions) {
    this.#options = options;
    if (options.onLog !== undefined) this.onLine(options.onLog);
    this.#pending = options.pending ?? new Pending();
    this.#asynchronous = new AsynchronousInvocations({
      invoke: (name, event) => this.invoke(name, event),
      kill: (name) => this.kill(name),
      settingsOf: (name) => this.#functions.get(name)?.asynchronous,
      pending: this.#pending,
    });
    this.#instances = new Instances({
      now: options.clock.now,
      most: options.mostInstances ?? defaultMostInstances,
      patienceMs: options.patienceMs ?? defaultPatienceMs,
      locate: async (name) => {
        const { handlerUrl } = this.#definitionOf(name);
        return typeof handlerUrl === 'string' ? handlerUrl : handlerUrl();
      },
      start: (name, handlerUrl, watching) => this.#start(this.#definitionOf(name), handlerUrl, watching),
    });
    this.#functions = new Map(options.functions.map((definition) => [definition.name, definition]));
  }

  /** The latest 20,000 lines that functions have written. */
  get logs(): readonly LogLine[] {
    return this.#lines;
  }

  /** Events of asynchronous invocations that failed at every attempt. */
  get deadLetters(): readonly DeadLetter[] {
    return this.#asynchronous.deadLetters;
  }

  /** How many instances live. */
  get instances(): number {
    return this.#instances.size;
  }

  has(functionName: string): boolean {
    return this.#functions.has(functionName);
  }

  /** Calls the listener with every line that functions write from now on. */
  onLine(listener: (line: LogLine) => void): void {
    this.#listeners.push(listener);
  }

  /** Invokes a function and waits for its result. Throws if the function does not exist, or runs too often already. */
  async invoke(functionName: string, event: unknown): Promise<Outcome> {
    const reserved = this.#functions.get(functionName)?.reservedConcurrency;
    return this.#concurrency.run(functionName, reserved, () => this.#invoke(functionName, event));
  }

  async #invoke(functionName: string, event: unknown): Promise<Outcome> {
    const { region, accountId } = this.#options;
    this.#definitionOf(functionName);
    const outcome = await this.#instances.invoke(functionName, {
      id: randomUUID(),
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
      payload: JSON.stringify(event),
    });
    if ('error' in outcome) {
      const { errorType, errorMessage, trace } = outcome.error;
      this.#log({ functionName, stream: 'platform', line: `${errorType}: ${errorMessage}` });
      for (const line of trace ?? []) this.#log({ functionName, stream: 'platform', line });
    }
    return outcome;
  }

  /** Invokes a function without waiting; again if it fails, as often as its settings say. */
  invokeAsync(functionName: string, event: unknown): void {
    this.#asynchronous.add(functionName, event);
  }

  /** Cancels asynchronous invocations, including running ones, and clears the dead letters. */
  async dropAsynchronous(): Promise<void> {
    await this.#asynchronous.drop();
  }

  /** Ends a function's worker abruptly, as if its host had died. */
  async kill(functionName: string): Promise<void> {
    await this.#instances.kill(functionName);
  }

  /** Ends all workers; the next invocations start new ones. */
  async reset(): Promise<void> {
    await this.#instances.reset();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#asynchronous.close();
    await this.reset();
  }

  #definitionOf(functionName: string): FunctionDefinition {
    const definition = this.#functions.get(functionName);
    if (definition === undefined || this.#closed) throw new Error(`No function ${functionName}`);
    return definition;
  }

  #start(definition: FunctionDefinition, handlerUrl: string, watching: Watching): Started {
    const { name, timeoutMs = defaultTimeoutMs, memorySize = defaultMemorySize } = definition;
    const { variables, expiresAt } = definition.environment();
    const instance = new Instance({
      setup: { functionName: name, handlerUrl, memorySize, clockMemory: this.#options.clock.memory },
      env: variables,
      timeoutMs,
      idleMs: this.#options.idleMs ?? defaultIdleMs,
      pending: this.#pending,
      onLine: (stream, line) => this.#log({ functionName: name, stream, line }),
      ...watching,
    });
    return { instance, expiresAt };
  }

  #log(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > maxLines) this.#lines.splice(0, maxLines / 10);
    for (const listener of this.#listeners) listener(line);
  }
}
