import { setTimeout as sleep } from 'node:timers/promises';
import type { Inspection } from '../../local-aws/inspection.ts';
import type { RecordedEvents } from '../../local-aws/services.ts';
import { rawFetch } from '../support/http.ts';
import type { StackProcess } from '../support/stack-process.ts';

/** A fault, as the control takes it. */
export interface SoakFault {
  readonly operation: string;
  readonly error?: string;
  readonly delayMs?: number;
  readonly times: number;
}

/** The control API of the running stack. */
export class Control {
  readonly #stack: StackProcess;
  #aheadMs = 0;

  constructor(stack: StackProcess) {
    this.#stack = stack;
  }

  /** The local clock, in milliseconds. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  async advance(seconds: number): Promise<void> {
    const { now } = await this.#send<{ now: string }>('POST', 'clock', { advanceSeconds: seconds });
    this.#aheadMs = Date.parse(now) - Date.now();
  }

  /** Makes the next calls fail. */
  fault(fault: SoakFault): Promise<unknown> {
    return this.#send('POST', 'faults', fault);
  }

  listLag(lagMs: number): Promise<unknown> {
    return this.#send('POST', 'list-lag', { lagMs });
  }

  async calm(): Promise<void> {
    await this.#send('DELETE', 'faults');
    await this.listLag(0);
  }

  settle(): Promise<unknown> {
    return this.#send('POST', 'settle');
  }

  /** Runs a scheduled function. Its own failure is no error: it is in the journal. */
  async run(name: 'execute-recoveries' | 'delete-expired-devices'): Promise<void> {
    await rawFetch(this.#stack.awsUrl, 'POST', '/_local/run', {}, JSON.stringify({ function: name }));
  }

  state(): Promise<Inspection> {
    return this.#send('GET', 'state');
  }

  events(): Promise<RecordedEvents> {
    return this.#send('GET', 'events');
  }

  async #send<Result>(method: string, route: string, body?: object): Promise<Result> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await rawFetch(this.#stack.awsUrl, method, `/_local/${route}`, {}, text);
    if (answer.status !== 200) throw new Error(`/_local/${route} answers ${answer.status}: ${answer.text}`);
    return answer.json();
  }
}

/** Waits in real time, for what has no other end. */
export const pause = (ms: number): Promise<void> => sleep(ms);
