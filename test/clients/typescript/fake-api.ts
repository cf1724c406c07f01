import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  type Client,
  type ClientOptions,
  type CodeRequest,
  createClient,
  type DeviceSummary,
} from '../../../clients/typescript/src/index.ts';
import { close, listen } from '../../../local-aws/servers.ts';
import { problems } from '../../../shared/contract/problem.ts';

/** A received request. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Strings and bytes are sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

/** Never answers, or breaks the connection. */
type Silence = 'hang' | 'break';
type Answerer = (request: Received) => Reply | Silence | Promise<Reply | Silence>;

export const keys = { accessKeyId: 'AKIAEXAMPLE000000001', secretAccessKey: 'the-secret-key-of-nobody' };

export const session = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: 'the-secret-key-of-a-session',
  sessionToken: 'the-token-of-a-session',
  expiration: '2999-01-01T00:00:00Z',
};

export const device = (id: string, changes: Partial<DeviceSummary> = {}): DeviceSummary => ({
  id,
  name: id,
  kind: 'virtual',
  serialNumber: `arn:aws:iam::123456789012:mfa/self-service/alice/${id}`,
  status: 'active',
  ...changes,
});

export const me = {
  userName: 'alice',
  userArn: 'arn:aws:iam::123456789012:user/alice',
  accountId: '123456789012',
  mfa: { active: 1, pending: 0 },
  stsEndpoint: 'https://sts.us-east-1.amazonaws.com',
  stepUpMaxAgeSeconds: 900,
};

/** A problem document as sent by the API. */
export const problem = (code: keyof typeof problems, extras: object = {}): Reply => ({
  status: problems[code].status,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    type: `/problems/${code}`,
    ...problems[code],
    detail: 'It is so.',
    code,
    requestId: 'r-1',
    ...extras,
  },
});

export const denied = problem('access-denied', { maxAgeSeconds: 900 });

/** An API that gives the answers a test sets, and records its requests. */
export class FakeApi {
  readonly requests: Received[] = [];
  readonly #answers = new Map<string, Answerer>();
  readonly #server = createServer((request, response) => this.#receive(request, response));
  url = '';

  async start(): Promise<void> {
    this.url = await listen(this.#server, 0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await close(this.#server);
  }

  reset(): void {
    this.requests.length = 0;
    this.#answers.clear();
  }

  /** `route` is method and target. Answers are given in order, and the last one from then on. */
  on(route: string, ...answers: readonly (Answerer | Reply | Silence)[]): void {
    let given = 0;
    this.#answers.set(route, (request) => {
      const answer = answers[Math.min(given, answers.length - 1)] ?? {};
      given += 1;
      return typeof answer === 'function' ? answer(request) : answer;
    });
  }

  /** Answers a step-up's requests: the caller, their devices and a session. */
  onStepUp(
    devices: readonly DeviceSummary[] = [device('phone')],
    ...sessions: readonly (Answerer | Reply | Silence)[]
  ): void {
    this.on('GET /v1/me', () => ({ body: { ...me, serverTime: new Date().toISOString() } }));
    this.on('GET /v1/me/mfa-devices', { body: { items: devices } });
    this.on('POST /v1/me/sessions', ...(sessions.length > 0 ? sessions : [{ status: 201, body: session }]));
  }

  /** A gated route that accepts sessions, and denies everything else like API Gateway. */
  onGated(route: string, reply: Reply): void {
    this.on(route, ({ headers }) => (headers['x-amz-security-token'] === undefined ? denied : reply));
  }

  to(route: string): readonly Received[] {
    return this.requests.filter(({ method, target }) => `${method} ${target}` === route);
  }

  client(options: Partial<ClientOptions> = {}): Client {
    return createClient({ url: this.url, credentials: keys, ...options });
  }

  async #receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url: target = '', headers } = incoming;
    const request = { method, target, headers, body: Buffer.concat(chunks).toString() };
    this.requests.push(request);
    const answer = await this.#answers.get(`${method} ${target}`)?.(request);
    if (answer === 'break') incoming.socket.destroy();
    else if (answer !== 'hang') reply(response, answer ?? problem('route-not-found'));
  }
}

function reply(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  const content = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
}

/** A gated call and its answer, for step-up tests. */
export const create = 'POST /v1/mfa-devices';
export const tablet = { name: 'tablet' };
export const created = { status: 201, body: device('tablet') };

/** A client that gives these codes in turn, and the requests for them. */
export function clientWith(
  api: FakeApi,
  codes: readonly (string | undefined)[] = ['123456'],
  options: Partial<ClientOptions> = {},
) {
  const asked: CodeRequest[] = [];
  const code = (request: CodeRequest) => {
    asked.push(request);
    return codes[Math.min(asked.length, codes.length) - 1];
  };
  return { client: api.client({ code, ...options }), asked };
}

/** One fake API per test file, reset before each test. */
export function useFakeApi(): FakeApi {
  const api = new FakeApi();
  beforeAll(() => api.start());
  beforeEach(() => api.reset());
  afterAll(() => api.close());
  return api;
}

/** The reason a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}
