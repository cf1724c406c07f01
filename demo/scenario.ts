import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Answer, Client } from '../infra/verify/client.ts';
import type { Keys } from '../infra/verify/sign.ts';
import { seededAccessKeyId } from '../local-aws/aws/seed.ts';
import { deployment } from '../local-aws/deployment.ts';
import type { LocalStack } from '../local-aws/stack.ts';
import { type ProblemCode, problems } from '../shared/contract/problem.ts';
import { explain } from '../shared/lib/explain.ts';
import { ConsolePrinter, type Facts } from './console-printer.ts';

/** A story that is told by sending its requests to a local AWS in its seeded state. */
export interface Story {
  readonly title: string;
  /** Throws `UnexpectedAnswer` when the story takes another course. */
  tell(runner: ScenarioRunner): Promise<void>;
}

/** Who signs a request. */
export interface Signer {
  /** What the keys are called. */
  readonly name: string;
  readonly keys: Keys;
}

/** The long-term keys of a seeded user. */
export function accessKeyOf(userName: string): Signer {
  return {
    name: `${userName}'s access key`,
    keys: { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` },
  };
}

export interface Step {
  /** What happens, in one plain sentence. */
  readonly sentence: string;
  /** Method and path. */
  readonly route: `${string} /${string}`;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What of the request cannot be seen in its body. */
  readonly note?: string;
  /** Nobody, where it is left out. */
  readonly signer?: Signer;
}

export interface Success<T> extends Step {
  readonly status: number;
  readonly answer: z.core.$ZodType<T>;
  /** What else is to be true of the answer. */
  readonly holds?: (answer: T) => boolean;
  /** The essential of the answer. */
  readonly shows?: (answer: T) => Facts;
}

export interface Refusal extends Step {
  readonly code: ProblemCode;
}

/** A step was not answered as the story expects. */
export class UnexpectedAnswer extends Error {}

const problem = z.object({
  detail: z.string(),
  retryAfter: z.number().optional(),
  resyncMayHelp: z.boolean().optional(),
  maxAgeSeconds: z.number().optional(),
});

const localClock = z.object({ now: z.string() });

/** How long a step waits for what is done meanwhile, and the milliseconds between two looks. */
const polling = { looks: 240, pause: 250 };

/** Takes a story's steps one by one: says what happens, sends the request, and holds the answer to the story. */
export class ScenarioRunner {
  readonly printer: ConsolePrinter;
  readonly #stack: LocalStack;
  readonly #stepsByRequest = new Map<string, number>();
  readonly #logsBefore: number;

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

  /** A step that is to succeed. Gives the answer. */
  async succeeds<T>(step: Success<T>): Promise<T> {
    this.#announce(step);
    return this.#accept(step, await this.#send(this.#stack.apiUrl, step));
  }

  /** The same, asked again and again until what is to be true of the answer is. */
  async eventually<T>(step: Success<T>): Promise<T> {
    this.#announce(step);
    let answer = await this.#send(this.#stack.apiUrl, step);
    for (let looks = 1; looks < polling.looks && isNotYet(step, answer); looks++) {
      await sleep(polling.pause);
      answer = await this.#send(this.#stack.apiUrl, step);
    }
    return this.#accept(step, answer);
  }

  /** A step that is to be refused with a problem of this code. */
  async isRefused(step: Refusal): Promise<void> {
    this.#announce(step);
    const answer = await this.#send(this.#stack.apiUrl, step);
    this.printer.status(answer.status, answer.code);
    const { status } = problems[step.code];
    if (answer.status !== status || answer.code !== step.code) {
      throw this.#unexpected(step, answer, `${status} ${step.code}`);
    }
    this.printer.facts(problem.parse(contentOf(answer)));
  }

  /** A step at the control of the local AWS, once nothing is under way that nobody waits for. */
  async controls<T>(step: Success<T>): Promise<T> {
    await this.#stack.settled();
    this.#announce(step);
    return this.#accept(step, await this.#send(this.#stack.awsUrl, step));
  }

  /** Moves the local AWS's clock, and with it whatever goes by that. */
  async letTimePass(seconds: number, sentence: string): Promise<void> {
    await this.controls({
      sentence,
      route: 'POST /_local/clock',
      body: { advanceSeconds: seconds },
      status: 200,
      answer: localClock,
      shows: ({ now }) => ({ now }),
    });
  }

  /** @param told what the answer says in words */
  unexpected(sentence: string, request: string, expected: string, answered: string, told?: string): Error {
    return new UnexpectedAnswer(
      `The story ends early at step ${this.printer.step} ("${sentence}"): it expects ${expected}, ` +
        `but ${request} answered ${answered}${told === undefined ? '.' : `: ${told}`}`,
    );
  }

  #announce({ sentence, route, body, note, signer }: Step): void {
    this.printer.sentence(sentence);
    this.printer.call({ request: route, body, note, signedWith: signer?.name });
  }

  async #send(url: string, { route, body, headers = {}, signer }: Step): Promise<Answer> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const client = new Client(new URL(url), deployment.region);
    const answer = await client.send({ ...parts(route), headers, ...content }, signer?.keys);
    const requestId = answer.headers['x-amzn-requestid'];
    if (typeof requestId === 'string') this.#stepsByRequest.set(requestId, this.printer.step);
    return answer;
  }

  #accept<T>(step: Success<T>, answer: Answer): T {
    this.printer.status(answer.status, answer.code);
    if (answer.status !== step.status) throw this.#unexpected(step, answer, String(step.status));
    const result = z.safeParse(step.answer, contentOf(answer));
    if (!result.success) {
      throw this.#unexpected(step, answer, `an answer of another form (${explain(result.error)})`);
    }
    this.printer.facts(step.shows?.(result.data) ?? {});
    if (step.holds?.(result.data) === false) throw this.#unexpected(step, answer, 'other content');
    return result.data;
  }

  /** What was answered is told by problem only: anything else may be a secret. */
  #unexpected({ sentence, route }: Step, answer: Answer, expected: string): Error {
    const { status, code } = answer;
    const told = problem.safeParse(contentOf(answer)).data?.detail;
    return this.unexpected(sentence, route, expected, [status, code].join(' ').trim(), told);
  }
}

/** Whether nothing is wrong with an answer but that what is to be true of it is not. */
function isNotYet<T>({ status, answer: schema, holds }: Success<T>, answer: Answer): boolean {
  if (answer.status !== status) return false;
  const result = z.safeParse(schema, contentOf(answer));
  return result.success && holds?.(result.data) === false;
}

/** Nothing, or JSON; what is neither is given as it is, for the step's schema to refuse. */
function contentOf({ text }: Answer): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parts(route: string): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = route.split(' ');
  return { method, path };
}
