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

/** A story told by sending its requests to a local AWS in its seeded state. */
export interface Story {
  readonly title: string;
  /** Throws `UnexpectedAnswer` if a step does not go as the story expects. */
  tell(runner: ScenarioRunner): Promise<void>;
}

/** Who signs requests, and a client that does. */
export interface Signer {
  /** The name of the keys. */
  readonly name: string;
  readonly keys: Credentials;
  readonly client: Client;
}

interface Step {
  /** Something about the request that its body does not show. */
  readonly note?: string;
}

interface Success<T> extends Step {
  /** What must be true of the answer. */
  readonly holds?: (answer: T) => boolean;
  /** The essential parts of the answer. */
  readonly shows?: (answer: T) => Facts;
}

interface Expected extends Step {
  /** The code of a problem, or the name of AWS's error. */
  readonly code: string;
  /** Text that the refusal must contain. */
  readonly words?: string;
}

/** A request that clients do not make: a webhook, an unsigned one, or one to the local AWS's control API. */
export interface PlainRequest {
  readonly route: `${string} /${string}`;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const problem = z.looseObject({ code: z.string(), status: z.number() });

/** A step was not answered as the story expects. */
export class UnexpectedAnswer extends Error {}

/** Runs a story's steps: says what happens, shows each request and its answer, and checks that against the story. */
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

  /** The local AWS's time in milliseconds, which authenticators use for their codes. */
  readonly now = (): number => this.#stack.clock.now();

  /** The endpoint of the local IAM and STS. */
  get awsUrl(): string {
    return this.#stack.awsUrl;
  }

  /** What functions have written to their logs since the story began. */
  get log(): readonly string[] {
    return this.#stack.lambda.logs.slice(this.#logsBefore).map(({ line }) => line);
  }

  /** The step whose request has this id; undefined if none has. */
  stepOf(requestId: string): number | undefined {
    return this.#stepsByRequest.get(requestId);
  }

  /** A signer with a seeded user's long-term keys. */
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

  /** A step that must succeed. Returns the answer. */
  async succeeds<T>(sentence: string, send: () => Promise<T>, step: Success<T> = {}): Promise<T> {
    const { answer, refusal } = await this.#runStep(sentence, send, step);
    if (refusal !== undefined) throw this.unexpected('success', refusal);
    this.printer.facts(step.shows?.(answer) ?? {});
    if (step.holds?.(answer) === false) throw this.unexpected('other content');
    return answer;
  }

  /** A step that the API, or AWS itself, must refuse. */
  async isRefused(
    sentence: string,
    send: () => Promise<unknown>,
    { code, words = '', ...step }: Expected,
  ): Promise<void> {
    const { refusal } = await this.#runStep(sentence, send, step);
    if (refusal?.code !== code || !refusal.words.includes(words)) {
      throw this.unexpected(words === '' ? code : `${code} "${words}"`, refusal);
    }
    this.printer.facts(refusal.facts);
  }

  /** Resolves when no background work is pending. */
  settled(): Promise<void> {
    return this.#stack.settled();
  }

  /** Sends a plain request; one to the control API waits for background work. Throws a `ProblemError` if refused. */
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

  /** Moves the local AWS's clock forward. */
  async letTimePass(seconds: number, sentence: string): Promise<void> {
    const request = { route: 'POST /_local/clock', body: { advanceSeconds: seconds } } as const;
    const clock = z.object({ now: z.string() });
    await this.succeeds(sentence, () => this.send(request, clock), { shows: (answer) => answer });
  }

  /** Says what happens next. Errors name the sentence and the source of the unexpected answer. */
  begins(sentence: string, source: string, note?: string): void {
    this.#sentence = sentence;
    this.#request = source;
    this.#note = note;
    this.printer.sentence(sentence);
  }

  /** Shows a request about to be sent. */
  sends(call: Omit<Call, 'note'>): void {
    this.#request = call.request;
    this.printer.call({ ...call, note: this.#note });
  }

  /** Quotes only refusals: other answers may contain secrets. */
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

  async #runStep<T>(
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
