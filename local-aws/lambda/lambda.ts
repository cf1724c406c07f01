import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { AsynchronousInvocations, type AsynchronousSettings, type DeadLetter } from './asynchronous.ts';
import { Concurrency } from './concurrency.ts';
import { Instance, type Outcome } from './instance.ts';
import { Pending } from './pending.ts';

/** A function's configuration. */
export interface FunctionDefinition {
  readonly name: string;
  /** File URL of the module that exports `handler`. */
  readonly handlerUrl: string;
  /** Milliseconds of real time; default 15 s. */
  readonly timeoutMs?: number;
  /** Invocations at a time; default any number. */
  readonly reservedConcurrency?: number;
  /** Default as Lambda's. */
  readonly asynchronous?: AsynchronousSettings;
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
}

const defaultTimeoutMs = 15_000;
/** A worker is replaced this long before its credentials expire. */
const renewalMarginMs = 5 * 60_000;
const maxLines = 20_000;

/** A small Lambda: a worker thread per function, started by the first invocation. */
export class Lambda {
  readonly #options: LambdaOptions;
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;
  readonly #instances = new Map<string, { readonly instance: Instance; readonly expiresAt: number }>();
  readonly #all = new Set<Instance>();
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
    const outcome = await this.#instanceOf(functionName).invoke({
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
    await this.#instances.get(functionName)?.instance.terminate();
  }

  /** Ends all workers; the next invocations start new ones. */
  async reset(): Promise<void> {
    const instances = [...this.#all];
    this.#instances.clear();
    await Promise.all(instances.map((instance) => instance.terminate()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#asynchronous.close();
    await this.reset();
  }

  #instanceOf(functionName: string): Instance {
    const definition = this.#functions.get(functionName);
    if (definition === undefined || this.#closed) throw new Error(`No function ${functionName}`);
    const running = this.#instances.get(functionName);
    if (running?.instance.usable) {
      if (this.#options.clock.now() < running.expiresAt - renewalMarginMs) return running.instance;
      running.instance.retire();
    }
    return this.#start(definition);
  }

  #start(definition: FunctionDefinition): Instance {
    const { name, handlerUrl, timeoutMs = defaultTimeoutMs } = definition;
    const { variables, expiresAt } = definition.environment();
    const instance = new Instance({
      setup: { functionName: name, handlerUrl, clockMemory: this.#options.clock.memory },
      env: variables,
      timeoutMs,
      pending: this.#pending,
      onLine: (stream, line) => this.#log({ functionName: name, stream, line }),
      onExit: () => this.#all.delete(instance),
    });
    this.#all.add(instance);
    this.#instances.set(name, { instance, expiresAt });
    return instance;
  }

  #log(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > maxLines) this.#lines.splice(0, maxLines / 10);
    for (const listener of this.#listeners) listener(line);
  }
}
