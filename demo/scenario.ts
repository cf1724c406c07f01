import * as z from 'zod';
import {
  type Client,
  type Credentials,
  createClient,
  ProblemError,
} from '../clients/typescript/src/index.ts';
import { seededAccessKeyId } from '../local-aws/aws/seed.ts';
import type { LocalStack } from '../local-aws/stack.ts';
import { type Call, ConsolePrinter, type Facts } from './console-printer.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** A story that is told by sending its requests to a local AWS in its seeded state. */
export interface Story {
  readonly title: string;
  /** Throws `UnexpectedAnswer` when the story takes another course. */
  tell(runner: ScenarioRunner): Promise<void>;
}

/** Who signs requests, and a client that does. */
export interface Signer {
  /** What the keys are called. */
  readonly name: string;
  readonly keys: Credentials;
  readonly client: Client;
}

interface Step {
  /** What of the request cannot be seen in its body. */
  readonly note?: string;
}

interface Success<T> extends Step {
  /** What is to be true of the answer. */
  readonly holds?: (answer: T) => boolean;
  /** The essential of the answer. */
  readonly shows?: (answer: T) => Facts;
}

interface Expected extends Step {
  /** The code of a problem, or the name of AWS's error. */
  readonly code: string;
  /** What the refusal is to say, too. */
  readonly words?: string;
}

/** A request that clients do not make: a webhook, one that nobody signs, or one to the control of the local AWS. */
export interface PlainRequest {
  readonly route: `${string} /${string}`;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const problem = z.looseObject({ code: z.string(), status: z.number() });

/** A step was not answered as the story expects. */
export class UnexpectedAnswer extends Error {}

/** Takes a story's steps one by one: says what happens, shows each request and its answer, holds that to the story. */
export class ScenarioRunner {
  readonly printer: ConsolePrinter;
  readonly #stack: LocalStack;
  readonly #stepsByRequest = new Map<string, number>();
  readonly #logsBefore: number;
  #sentence = '';
  #note: string | undefined;
  #request = '';
  #status = 0;

  constructor(stack: LocalStack, print: (line: string) => void) {
    this.#stack = stack;
    this.#logsBefore = stack.lambda.logs.length;
    this.printer = new ConsolePrinter(print);
  }

  /** The local AWS's time in milliseconds, which authenticators show their codes by. */
  readonly now = (): number => this.#stack.clock.now();

  /** Where the local IAM and STS are. */
  get awsUrl(): string {
    return this.#stack.awsUrl;
  }

  /** What functions have written to their logs since the story began. */
  get log(): readonly string[] {
    return this.#stack.lambda.logs.slice(this.#logsBefore).map(({ line }) => line);
  }

  /** The step whose request the API gave this id; undefined for what no step asked for. */
  stepOf(requestId: string): number | undefined {
    return this.#stepsByRequest.get(requestId);
  }

  /** Who signs with the long-term keys of a seeded user. */
  accessKeyOf(userName: string): Signer {
    const keys = { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` };
    return this.signer(`${userName}'s access key`, keys);
  }

  signer(name: string, keys: Credentials): Signer {
    const client = createClient({
      url: this.#stack.apiUrl,
      credentials: keys,
      retries: 0,
      fetch: (url, request) => this.#exchange(url, request, name),
    });
    return { name, keys, client };
  }

  /** A step that is to succeed. Gives the answer. */
  async succeeds<T>(sentence: string, send: () => Promise<T>, step: Success<T> = {}): Promise<T> {
    const { answer, refusal } = await this.#take(sentence, send, step);
    if (refusal !== undefined) throw this.unexpected('success', refusal);
    this.printer.facts(step.shows?.(answer) ?? {});
    if (step.holds?.(answer) === false) throw this.unexpected('other content');
    return answer;
  }

  /** A step that the API, or AWS itself, is to refuse. */
  async isRefused(
    sentence: string,
    send: () => Promise<unknown>,
    { code, words = '', ...step }: Expected,
  ): Promise<void> {
    const { refusal } = await this.#take(sentence, send, step);
    if (refusal?.code !== code || !refusal.words.includes(words)) {
      throw this.unexpected(words === '' ? code : `${code} "${words}"`, refusal);
    }
    this.printer.facts(refusal.facts);
  }

  /** Resolves when nothing is under way that nobody waits for. */
  settled(): Promise<void> {
    return this.#stack.settled();
  }

  /** Sends a request that no client makes; to the control, once all is settled. Throws a `ProblemError` where it is refused. */
  async send<T>({ route, body, headers = {} }: PlainRequest, answer: z.ZodType<T>): Promise<T> {
    const [method = '', path = ''] = route.split(' ');
    const { apiUrl, awsUrl } = this.#stack;
    const toControl = path.startsWith('/_local/');
    if (toControl) await this.settled();
    const response = await this.#exchange(`${toControl ? awsUrl : apiUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const content = await response.json();
    if (!response.ok) throw new ProblemError(route, problem.parse(content));
    return answer.parse(content);
  }

  /** Moves the local AWS's clock, and with it whatever goes by that. */
  async letTimePass(seconds: number, sentence: string): Promise<void> {
    const request = { route: 'POST /_local/clock', body: { advanceSeconds: seconds } } as const;
    const clock = z.object({ now: z.string() });
    await this.succeeds(sentence, () => this.send(request, clock), { shows: (answer) => answer });
  }

  /** Says what happens next. Answers that are not as the story expects name it and their source. */
  begins(sentence: string, source: string, note?: string): void {
    this.#sentence = sentence;
    this.#request = source;
    this.#note = note;
    this.printer.sentence(sentence);
  }

  /** Shows a request that is about to be sent. */
  sends(call: Omit<Call, 'note'>): void {
    this.#request = call.request;
    this.printer.call({ ...call, note: this.#note });
  }

  /** What was answered is told by refusals only: anything else may be a secret. */
  unexpected(
    expected: string,
    refusal?: Refusal,
    found = [this.#status, refusal?.code].join(' ').trim(),
  ): Error {
    return new UnexpectedAnswer(
      `The story ends early at step ${this.printer.step} ("${this.#sentence}"): it expects ${expected}, ` +
        `but ${this.#request} answered ${found}${refusal === undefined ? '.' : `: ${refusal.words}`}`,
    );
  }

  async #take<T>(
    sentence: string,
    send: () => Promise<T>,
    { note }: Step,
  ): Promise<{ answer: T; refusal?: never } | { answer?: never; refusal: Refusal }> {
    this.begins(sentence, '', note);
    this.#status = 200;
    try {
      const answer = await send();
      this.printer.status(this.#status);
      return { answer };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      this.#status = refusal.status;
      this.printer.status(refusal.status, refusal.code);
      return { refusal };
    }
  }

  async #exchange(
    url: string,
    request: RequestInit & { readonly method: string; readonly body?: string },
    signedWith?: string,
  ): Promise<Response> {
    const { pathname, search } = new URL(url);
    const body = request.body === undefined ? undefined : JSON.parse(request.body);
    this.sends({ request: `${request.method} ${pathname}${search}`, body, signedWith });
    const response = await fetch(url, request);
    this.#status = response.status;
    const requestId = response.headers.get('x-amzn-requestid');
    if (requestId !== null) this.#stepsByRequest.set(requestId, this.printer.step);
    return response;
  }
}
