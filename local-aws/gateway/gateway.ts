import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalClock } from '../clock.ts';
import type { Outcome } from '../lambda/instance.ts';
import type { Credentials, Principal } from '../principal.ts';
import { type Answer, integrationAnswer, send } from './answer.ts';
import { Authorizer } from './authorizer.ts';
import { proxyEvent, type RequestIds } from './event.ts';
import { type GatewayResponseType, gatewayAnswer } from './gateway-responses.ts';
import { InvocationQueue } from './invocation-queue.ts';
import type { RequestContext } from './mapping.ts';
import { mockAnswer } from './mock-integration.ts';
import { type GatewayRequest, headerOf, pathOf, readRequest } from './request.ts';
import type { LambdaIntegration, RestApi, ThrottledMethod } from './rest-api.ts';
import { createRouter, type Match, type Router } from './router.ts';
import { TokenBucket } from './throttle.ts';

export interface GatewayOptions {
  readonly api: RestApi;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  readonly clock: LocalClock;
  /** Milliseconds of real time; default as the API's integrations have it. */
  readonly integrationTimeoutMs?: number;
  /** Invocations at a time; the others wait. */
  readonly mostInvocations?: number;
  readonly onRequest?: (line: RequestLine) => void;
}

/** A served request, without its query: that may hold a signature. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

/** A call from the API Gateway console's test page. */
export interface TestInvoke {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The console's user. */
  readonly principal: Principal;
}

/** The largest request body, in bytes. Source: API Gateway quotas. */
const payloadLimit = 10 * 1024 * 1024;
/** More would keep each other waiting until their calls of the local AWS time out. */
const mostInvocations = 32;

/** What is known of a request before it is answered. */
interface Received {
  readonly ids: RequestIds;
  readonly request?: GatewayRequest;
  readonly match?: Match<ThrottledMethod>;
}

/** A REST API: checks the signature and the resource policy, routes, and answers or invokes the integration. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #authorizer: Authorizer;
  readonly #route: Router<ThrottledMethod>;
  readonly #buckets: ReadonlyMap<ThrottledMethod, TokenBucket>;
  readonly #queue: InvocationQueue;

  constructor(options: GatewayOptions) {
    const { api } = options;
    this.#options = options;
    this.#authorizer = new Authorizer({
      ...options,
      apiId: api.id,
      stage: api.stage.name,
      ...(api.policy && { resourcePolicy: api.policy }),
    });
    this.#route = createRouter(api.methods);
    this.#buckets = new Map(
      api.methods.flatMap((method) =>
        method.throttling === undefined ? [] : [[method, new TokenBucket(method.throttling)] as const],
      ),
    );
    this.#queue = new InvocationQueue(options.mostInvocations ?? mostInvocations);
  }

  /** For `http.createServer`. */
  readonly listener = (message: IncomingMessage, response: ServerResponse): void => {
    void this.#serve(message, response);
  };

  /**
   * A test invocation as the console makes it: no signature, no policy, and its own stage name. It bypasses every
   * gate, so the product has to refuse that stage.
   */
  async testInvoke({ method, target, headers = {}, body = '', principal }: TestInvoke): Promise<Answer> {
    const request: GatewayRequest = {
      method,
      target,
      headers: Object.entries(headers),
      body: Buffer.from(body),
      sourceIp: 'test-invoke-source-ip',
      port: 443,
    };
    const ids = this.#newIds();
    const match = this.#route(method, pathOf(target));
    if (match === undefined) return this.#refuse('RESOURCE_NOT_FOUND', { ids, request });
    return this.#integrate({ request, match, ids }, method, principal, 'test-invoke-stage');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const ids = this.#newIds();
    const answer = await this.#answer(message, ids).catch(() => this.#refuse('DEFAULT_5XX', { ids }));
    // The unread rest of a body could be taken for the next request.
    if (!message.complete) response.setHeader('connection', 'close');
    send(response, { ...answer, headers: [...answer.headers, ...idHeaders(ids)] });
    this.#options.onRequest?.({
      method: message.method ?? '',
      path: pathOf(message.url ?? ''),
      status: answer.status,
      ms: performance.now() - started,
    });
  }

  async #answer(message: IncomingMessage, ids: RequestIds): Promise<Answer> {
    const request = await readRequest(message, payloadLimit);
    if (request === undefined) return this.#refuse('REQUEST_TOO_LARGE', { ids });
    if (!request.target.startsWith('/')) return this.#refuse('DEFAULT_4XX', { ids, request });
    const method = routedMethod(request);
    const match = this.#route(method, pathOf(request.target));
    // AWS gives an unknown route the same response as an unsigned request.
    if (match === undefined) return this.#refuse('MISSING_AUTHENTICATION_TOKEN', { ids, request });
    const received = { ids, request, match };
    const isOpen = match.route.authorization === 'NONE';
    const caller = isOpen ? { principal: undefined } : this.#authorizer.authenticate(request);
    if ('refusal' in caller) return this.#refuse(caller.refusal, received);
    if (!this.#authorizer.allows(request, caller.principal, ids.time)) {
      return this.#refuse('ACCESS_DENIED', received);
    }
    if (this.#buckets.get(match.route)?.take() === false) return this.#refuse('THROTTLED', received);
    return this.#integrate(received, method, caller.principal, this.#options.api.stage.name);
  }

  async #integrate(
    received: Required<Received>,
    method: string,
    principal: Principal | undefined,
    stage: string,
  ): Promise<Answer> {
    const { request, match, ids } = received;
    const { id, stage: deployed, binaryMediaTypes } = this.#options.api;
    const { integration } = match.route;
    if (integration.type === 'MOCK') {
      const answer = await mockAnswer(integration, {
        request,
        pathParameters: match.pathParameters ?? {},
        context: this.#contextOf(received),
        stageVariables: deployed.variables,
      });
      return answer ?? this.#refuse('UNSUPPORTED_MEDIA_TYPE', received);
    }
    // Its execution log says "configuration error: Invalid permissions on Lambda function".
    if (!integration.permitted) return this.#refuse('API_CONFIGURATION_ERROR', received);
    const { accountId } = this.#options;
    const about = { accountId, apiId: id, stage, stageVariables: deployed.variables, binaryMediaTypes };
    const event = proxyEvent(request, match, method, principal, about, ids);
    const outcome = await this.#invokeInTime(integration, event);
    if (outcome === undefined) return this.#refuse('INTEGRATION_TIMEOUT', received);
    const answer = integrationAnswer(outcome, request, binaryMediaTypes);
    return answer ?? this.#refuse('INTEGRATION_FAILURE', received);
  }

  /** The wait for a turn counts: whoever has waited too long is not served later, behind the client's back. */
  async #invokeInTime(
    { functionName, timeoutMs }: LambdaIntegration,
    event: unknown,
  ): Promise<Outcome | undefined> {
    const { invoke, integrationTimeoutMs = timeoutMs } = this.#options;
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
      resolve(undefined);
    }, integrationTimeoutMs);
    try {
      const turn = this.#queue.run(() => invoke(functionName, event), deadline.signal);
      return await Promise.race([turn, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  #refuse(type: GatewayResponseType, received: Received): Answer {
    return gatewayAnswer(type, this.#options.api.gatewayResponses, this.#contextOf(received));
  }

  #contextOf({ ids, request, match }: Received): RequestContext {
    const { id, stage } = this.#options.api;
    return {
      requestId: ids.requestId,
      extendedRequestId: ids.extendedRequestId,
      requestTimeEpoch: String(ids.time),
      apiId: id,
      stage: stage.name,
      httpMethod: request?.method ?? '',
      path: pathOf(request?.target ?? ''),
      resourcePath: match?.route.path ?? '',
      'identity.sourceIp': request?.sourceIp ?? '',
    };
  }

  #newIds(): RequestIds {
    const time = this.#options.clock.now();
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    return {
      requestId: randomUUID(),
      extendedRequestId: `${randomBytes(11).toString('base64url')}=`,
      traceId: `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
      time,
    };
  }
}

/**
 * API Gateway honours a method override on POST. Whether it does on OPTIONS is not documented: the local one takes the
 * more permissive reading, since OPTIONS is the method that anyone may send.
 */
function routedMethod(request: GatewayRequest): string {
  const overridable = request.method === 'POST' || request.method === 'OPTIONS';
  const override = overridable ? headerOf(request, 'x-http-method-override') : undefined;
  return override?.trim().toUpperCase() ?? request.method;
}

function idHeaders({ requestId, extendedRequestId, traceId }: RequestIds): Answer['headers'] {
  return [
    ['x-amzn-requestid', requestId],
    ['x-amz-apigw-id', extendedRequestId],
    ['x-amzn-trace-id', traceId],
  ];
}
