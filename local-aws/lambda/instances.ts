import type { Instance, Outcome } from './instance.ts';
import type { Invocation } from './messages.ts';

/** A new instance, and when its credentials expire, by the local clock. */
export interface Started {
  readonly instance: Instance;
  readonly expiresAt: number;
}

/** What an instance tells about itself. */
export interface Watching {
  readonly onIdle: () => void;
  readonly onExit: () => void;
}

export interface InstancesOptions {
  /** Milliseconds, by the local clock. */
  readonly now: () => number;
  /** How many may live at a time. */
  readonly most: number;
  /**
   * Milliseconds for which a start waits until another instance has nothing to do. Then it goes ahead: the others
   * may be waiting for the very function that it is to run.
   */
  readonly patienceMs: number;
  /** Gets the URL of a function's module, which may take a while. */
  readonly locate: (functionName: string) => Promise<string>;
  readonly start: (functionName: string, handlerUrl: string, watching: Watching) => Started;
}

/** An instance is replaced this long before its credentials expire. */
const renewalMarginMs = 5 * 60_000;

/** The living instances of all functions. If there are too many, the one that was idle for longest ends. */
export class Instances {
  readonly #options: InstancesOptions;
  /** The one that takes invocations, by function; least recently used first. */
  readonly #current = new Map<string, Started>();
  readonly #starts = new Map<string, Promise<void>>();
  readonly #living = new Set<Instance>();
  /** Those that have been told to make room. */
  readonly #leaving = new Set<Instance>();
  /** Starts that wait for room; first come, first served. */
  readonly #waiting = new Set<() => void>();
  /** Living instances, and starts under way. */
  #places = 0;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /** How many live. */
  get size(): number {
    return this.#living.size;
  }

  /** Runs an invocation in the function's instance, which is started if there is none. */
  async invoke(functionName: string, invocation: Omit<Invocation, 'deadline'>): Promise<Outcome> {
    let instance = this.#usable(functionName);
    while (instance === undefined) {
      await this.#start(functionName);
      instance = this.#usable(functionName);
    }
    return instance.invoke(invocation);
  }

  /** Ends a function's instance abruptly, also one that is about to start. */
  async kill(functionName: string): Promise<void> {
    await this.#starts.get(functionName)?.catch(() => undefined);
    await this.#current.get(functionName)?.instance.terminate();
  }

  /** Ends all instances abruptly. Starts that wait for room go ahead. */
  async reset(): Promise<void> {
    this.#current.clear();
    await Promise.all([...this.#living].map((instance) => instance.terminate()));
  }

  #usable(functionName: string): Instance | undefined {
    const current = this.#current.get(functionName);
    if (!current?.instance.usable) return undefined;
    this.#current.delete(functionName);
    if (this.#options.now() >= current.expiresAt - renewalMarginMs) {
      current.instance.retire();
      return undefined;
    }
    this.#current.set(functionName, current);
    return current.instance;
  }

  /** Invocations that arrive meanwhile wait for the same start. */
  #start(functionName: string): Promise<void> {
    const underWay = this.#starts.get(functionName);
    if (underWay !== undefined) return underWay;
    const start = this.#startInRoom(functionName).finally(() => this.#starts.delete(functionName));
    this.#starts.set(functionName, start);
    return start;
  }

  async #startInRoom(functionName: string): Promise<void> {
    const handlerUrl = await this.#options.locate(functionName);
    await this.#room();
    try {
      const started = this.#options.start(functionName, handlerUrl, {
        onIdle: () => this.#idle(started.instance),
        onExit: () => this.#gone(functionName, started.instance),
      });
      this.#living.add(started.instance);
      this.#current.set(functionName, started);
    } catch (error) {
      this.#giveUpPlace();
      throw error;
    }
  }

  /** Resolves when another instance may start, which then has a place. */
  async #room(): Promise<void> {
    const { most, patienceMs } = this.#options;
    if (this.#places >= most) {
      this.#askToLeave([...this.#current.values()].find(({ instance }) => instance.idle)?.instance);
      await new Promise<void>((resolve) => {
        const goAhead = () => {
          clearTimeout(timer);
          this.#waiting.delete(goAhead);
          this.#places += 1;
          resolve();
        };
        const timer = setTimeout(goAhead, patienceMs);
        this.#waiting.add(goAhead);
      });
      return;
    }
    this.#places += 1;
  }

  #idle(instance: Instance): void {
    if (this.#waiting.size > this.#leaving.size) this.#askToLeave(instance);
  }

  #askToLeave(instance: Instance | undefined): void {
    if (instance === undefined) return;
    this.#leaving.add(instance);
    instance.retire();
  }

  #gone(functionName: string, instance: Instance): void {
    if (this.#current.get(functionName)?.instance === instance) this.#current.delete(functionName);
    this.#living.delete(instance);
    this.#leaving.delete(instance);
    this.#giveUpPlace();
  }

  #giveUpPlace(): void {
    this.#places -= 1;
    const [goAhead] = this.#waiting;
    if (this.#places < this.#options.most) goAhead?.();
  }
}
