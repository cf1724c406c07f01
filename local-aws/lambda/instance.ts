import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionError, Invocation, WorkerMessage, WorkerSetup } from './messages.ts';
import type { Pending } from './pending.ts';

/** How an invocation ended: the handler's result as JSON text, or an error. */
export type Outcome = { readonly payload: string } | { readonly error: FunctionError };

export interface InstanceOptions {
  readonly setup: WorkerSetup;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Milliseconds without work after which the thread ends. */
  readonly idleMs: number;
  /** Tracks invocations whose last log lines may still arrive. */
  readonly pending: Pending;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Called each time that nothing is left to do. */
  readonly onIdle: () => void;
  readonly onExit: () => void;
}

interface Waiting {
  readonly settle: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
}

const exited: FunctionError = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' };
const bootstrap = new URL('./bootstrap.mjs', import.meta.url);
/** Threads grow this part of their heap to 48 MB if they may, and are hardly faster for it. */
const maxYoungGenerationSizeMb = 2;

/** A worker thread that runs one function, several invocations at a time. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<string, Waiting>();
  /** Invocations that have ended but whose last log lines may still arrive. */
  readonly #writing = new Map<string, () => void>();
  readonly #ready: Promise<FunctionError | undefined>;
  #running = 0;
  #exited = false;
  #retired = false;
  /** Whether an invocation may be keeping the thread from anything else, such as sending its last lines. */
  #stuck = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#worker = new Worker(bootstrap, {
      workerData: options.setup,
      env: { ...options.env },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.setup.memorySize, maxYoungGenerationSizeMb },
    });
    this.#forwardLines(this.#worker.stdout, 'stdout');
    this.#forwardLines(this.#worker.stderr, 'stderr');
    this.#ready = this.#listen();
  }

  /** False once the thread has ended or accepts no more invocations. */
  get usable(): boolean {
    return !this.#exited && !this.#retired;
  }

  /** Whether it has started, and nothing runs or is still being written. */
  get idle(): boolean {
    return this.#idleTimer !== undefined;
  }

  /** As in Lambda, the timeout starts when the handler's module has loaded. */
  async invoke(invocation: Omit<Invocation, 'deadline'>): Promise<Outcome> {
    this.#running += 1;
    this.#stayAwake();
    try {
      return await this.#run(invocation);
    } finally {
      this.#running -= 1;
      this.#rest();
    }
  }

  async #run(invocation: Omit<Invocation, 'deadline'>): Promise<Outcome> {
    const initError = await this.#ready;
    if (initError !== undefined) return { error: initError };
    if (this.#exited) return { error: exited };
    const { timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timeOut(invocation.id), timeoutMs);
      this.#waiting.set(invocation.id, { settle: resolve, timer });
      this.#worker.postMessage({ ...invocation, deadline: Date.now() + timeoutMs } satisfies Invocation);
    });
  }

  /** Ends the thread once its invocations have ended and their lines have arrived. */
  retire(): void {
    this.#retired = true;
    this.#rest();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #listen(): Promise<FunctionError | undefined> {
    return new Promise((resolve) => {
      this.#worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve(undefined);
        else if (message.kind === 'init-error') this.#fail(message.error, resolve);
        else if (message.kind === 'written') this.#written(message.id);
        else this.#ended(message);
      });
      this.#worker.on('error', (error) => {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        this.#fail({ errorType: name, errorMessage: message }, resolve);
      });
      this.#worker.on('exit', () => {
        this.#fail(exited, resolve);
        this.#options.onExit();
      });
    });
  }

  #ended(message: Extract<WorkerMessage, { readonly kind: 'result' | 'error' }>): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writing.set(message.id, resolve);
    this.#options.pending.add(promise);
    const outcome = message.kind === 'result' ? { payload: message.payload } : { error: message.error };
    this.#settle(message.id, outcome);
  }

  #written(id: string): void {
    this.#writing.get(id)?.();
    this.#writing.delete(id);
    this.#rest();
  }

  /** Marks the thread as unusable and fails everything that waits for it. */
  #fail(error: FunctionError, initFailed: (error: FunctionError) => void): void {
    this.#exited = true;
    this.#stayAwake();
    initFailed(error);
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { error });
    for (const id of [...this.#writing.keys()]) this.#written(id);
    void this.terminate();
  }

  #settle(id: string, outcome: Outcome): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  #timeOut(id: string): void {
    const seconds = (this.#options.timeoutMs / 1000).toFixed(2);
    const error = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds} seconds`,
    };
    this.#settle(id, { error });
    // Lambda ends the environment after a timeout; this one may be running other invocations.
    this.#stuck = true;
    this.retire();
  }

  #stayAwake(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
  }

  /** Ends or becomes idle if there is nothing left to do. */
  #rest(): void {
    if (this.#exited || this.#running > 0) return;
    if (this.#writing.size > 0 && !this.#stuck) return;
    this.#stayAwake();
    if (this.#retired) {
      void this.terminate();
      return;
    }
    this.#idleTimer = setTimeout(() => this.retire(), this.#options.idleMs).unref();
    this.#options.onIdle();
  }

  #forwardLines(stream: Readable, name: 'stdout' | 'stderr'): void {
    createInterface({ input: stream }).on('line', (line) => this.#options.onLine(name, line));
  }
}
