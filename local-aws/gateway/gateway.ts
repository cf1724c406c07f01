import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { GatewayResponseType } from '../../infra/template/gateway-responses.ts';
import { preflightsOf } from '../../infra/template/preflight.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { LocalClock } from '../clock.ts';
import type { Outcome } from '../lambda/instance.ts';
import type { Principal } from '../principal.ts';
import { type Answer, integrationAnswer, send } from './answer.ts';
import { Authorizer, type AuthorizerOptions } from './authorizer.ts';
import { proxyEvent, type RequestIds } from './event.ts';
import { gatewayResponse } from './gateway-responses.ts';
import { type PreflightRoute, preflightAnswer } from './preflight.ts';
import { type GatewayRequest, headerOf, pathOf, readRequest } from './request.ts';
import { createRouter, type Match, type Router } from './router.ts';

export interface GatewayOptions extends AuthorizerOptions {
  readonly operations: readonly Operation[];
  /** Runs an operation's function. */
  readonly invoke: (operation: Operation, event: unknown) => Promise<Outcome>;
  readonly clock: LocalClock;
  /** With API Gateway's own responses. */
  readonly template: ResolvedTemplate;
  readonly binaryMediaTypes: readonly string[];
  /** Origins whose pages may call the API; default none. */
  readonly allowedOrigins?: readonly string[];
  /** Milliseconds of real time; default 29 s. */
  readonly integrationTimeoutMs?: number;
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
const integrationTimeoutMs = 29_000;

/** The error types that SDKs read from a header, by response type. */
const errorTypes: Partial<Record<GatewayResponseType, string>> = {
  ACCESS_DENIED: 'AccessDeniedException',
  EXPIRED_TOKEN: 'ExpiredTokenException',
  INVALID_SIGNATURE: 'InvalidSignatureException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  INTEGRATION_FAILURE: 'InternalServerErrorException',
  INTEGRATION_TIMEOUT: 'InternalServerErrorException',
};

/** A REST API: checks the signature and the resource policy, routes, and invokes the Lambda proxy integration. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #authorizer: Authorizer;
  readonly #route: Router<Operation>;
  readonly #preflight: Router<PreflightRoute>;
  readonly #allowedOrigins: readonly string[];

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#authorizer = new Authorizer(options);
    this.#route = createRouter(options.operations);
    this.#allowedOrigins = options.allowedOrigins ?? [];
    const preflights = this.#allowedOrigins.length === 0 ? [] : preflightsOf(options.operations);
    this.#preflight = createRouter(preflights.map((preflight) => ({ ...preflight, method: 'OPTIONS' })));
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
    const match = this.#route(method, pathOf(target));
    const ids = this.#newIds();
    if (match === undefined) return this.#refuse('RESOURCE_NOT_FOUND', ids);
    return this.#integrate(request, match, method, principal, 'test-invoke-stage', ids);
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const ids = this.#newIds();
    const answer = await this.#answer(message, ids).catch(() => this.#refuse('DEFAULT_5XX', ids));
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
    if (request === undefined) return this.#refuse('REQUEST_TOO_LARGE', ids);
    if (!request.target.startsWith('/')) return this.#refuse('DEFAULT_4XX', ids);
    const method = routedMethod(request);
    const preflight = this.#preflight(method, pathOf(request.target));
    if (preflight !== undefined) {
      if (!this.#authorizer.allows(request, undefined, ids.time)) return this.#refuse('ACCESS_DENIED', ids);
      return preflightAnswer(request, preflight.route, this.#allowedOrigins);
    }
    const match = this.#route(method, pathOf(request.target));
    // AWS gives an unknown route the same response as an unsigned request.
    if (match === undefined) return this.#refuse('MISSING_AUTHENTICATION_TOKEN', ids);
    const caller =
      match.route.gate === 'anonymous' ? { principal: undefined } : this.#authorizer.authenticate(request);
    if ('refusal' in caller) return this.#refuse(caller.refusal, ids);
    if (!this.#authorizer.allows(request, caller.principal, ids.time)) {
      return this.#refuse('ACCESS_DENIED', ids);
    }
    return this.#integrate(request, match, method, caller.principal, this.#options.stage, ids);
  }

  async #integrate(
    request: GatewayRequest,
    match: Match<Operation>,
    method: string,
    principal: Principal | undefined,
    stage: string,
    ids: RequestIds,
  ): Promise<Answer> {
    const event = proxyEvent(request, match, method, principal, { ...this.#options, stage }, ids);
    const outcome = await this.#invokeInTime(match.route, event);
    if (outcome === undefined) return this.#refuse('INTEGRATION_TIMEOUT', ids);
    const answer = integrationAnswer(outcome, request, this.#options.binaryMediaTypes);
    return answer ?? this.#refuse('INTEGRATION_FAILURE', ids);
  }

  async #invokeInTime(operation: Operation, event: unknown): Promise<Outcome | undefined> {
    const timer = new AbortController();
    const limit = this.#options.integrationTimeoutMs ?? integrationTimeoutMs;
    const tooLate = sleep(limit, undefined, { signal: timer.signal }).catch(() => undefined);
    try {
      return await Promise.race([this.#options.invoke(operation, event), tooLate]);
    } finally {
      timer.abort();
    }
  }

  #refuse(type: GatewayResponseType, { requestId }: RequestIds): Answer {
    const answer = gatewayResponse(this.#options.template, type, requestId);
    const errorType = errorTypes[type];
    const named = errorType === undefined ? [] : [['x-amzn-errortype', errorType] as const];
    return { ...answer, headers: [...answer.headers, ...named] };
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
