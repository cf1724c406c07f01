import { type Answer, rawFetch, signedFetch, signedRequest } from '../support/http.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys } from '../support/stack.ts';
import type { StackProcess } from '../support/stack-process.ts';
import type { Tally } from './tally.ts';

export interface Sending {
  readonly method?: string;
  readonly target: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of a request. The status is 0 if there was no answer. */
export interface Outcome {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whoever sends a request knows the shape of its answer
  readonly json: any;
}

/** What the clients send to: the API, whose answers count, and IAM, with which users are made and removed. */
export class Target {
  readonly #stack: StackProcess;
  readonly #tally: Tally;
  isOver = false;

  constructor(stack: StackProcess, tally: Tally) {
    this.#stack = stack;
    this.#tally = tally;
  }

  get awsUrl(): string {
    return this.#stack.awsUrl;
  }

  /** Sends a signed request, or an unsigned one if there are no keys. */
  async send(
    operation: string,
    keys: SigningKeys | undefined,
    { method = 'GET', target, body, headers }: Sending,
  ): Promise<Outcome> {
    if (this.isOver) throw new Over();
    const { apiUrl } = this.#stack;
    const sent =
      keys === undefined
        ? rawFetch(apiUrl, method, target, headers, typeof body === 'string' ? body : '')
        : signedFetch(apiUrl, keys, method, target, body, headers);
    const answer = await sent.catch(() => undefined);
    this.#tally.count(operation, answer?.status ?? 0);
    return { status: answer?.status ?? 0, json: jsonOf(answer) };
  }

  /** Calls IAM as the administrator. Returns the answer's XML; throws if it is a refusal. */
  async iam(Action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Action, ...parameters, Version: '2010-05-08' }).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const admin = userKeys('admin');
    const { headers } = signedRequest(this.awsUrl, admin, 'POST', '/', body, type, { service: 'iam' });
    const { status, text } = await rawFetch(this.awsUrl, 'POST', '/', headers, body);
    if (status !== 200) throw new Error(`${Action} answers ${status}: ${text}`);
    return text;
  }
}

/** Ends a client once the time is over. */
export class Over extends Error {}

function jsonOf(answer: Answer | undefined): unknown {
  const isJson = answer?.headers['content-type']?.includes('json') === true && answer.text !== '';
  return isJson ? answer.json() : {};
}
