import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalClock } from '../clock.ts';
import type { Principal } from '../principal.ts';
import type { StateFile } from '../state-file.ts';
import type { Account } from './account.ts';
import { authorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { authenticate, callOf, sourceOf } from './caller.ts';
import type { Fault, Faults } from './faults.ts';
import type { Call, Operation } from './operation.ts';
import { type JsonOperation, jsonProtocol } from './protocols/json-protocol.ts';
import type { Protocol, Reply, Target } from './protocols/protocol.ts';
import { queryProtocol } from './protocols/query-protocol.ts';
import { type RestOperation, restProtocol } from './protocols/rest-protocol.ts';
import { readBody } from './receive.ts';
import type { Service } from './service.ts';

export interface AwsEndpointOptions {
  readonly account: Account;
  readonly clock: LocalClock;
  readonly faults: Faults;
  /** Operations of the services other than IAM and STS. */
  readonly query?: readonly Operation[];
  readonly json?: readonly JsonOperation[];
  readonly rest?: readonly RestOperation[];
  /** Told of changes of the account. Answers wait until all changes so far are saved. */
  readonly state?: Pick<StateFile, 'changed' | 'saved'>;
  /** Called with unexpected errors, which the caller sees as InternalFailure. */
  readonly onError?: (error: unknown) => void;
}

/** What is known about a request while it is served. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly protocol: Protocol;
  target?: Target;
  principal?: Principal;
  /** Whether the connection ends in place of the answer. */
  answerIsLost?: boolean;
}

/** All services on one port, each with its own protocol. */
export function createAwsEndpoint(
  options: AwsEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const query = queryProtocol(options.query ?? []);
  const json = jsonProtocol(options.json ?? []);
  const rest = restProtocol(options.rest ?? []);
  const protocolOf = ({ headers, url = '/' }: IncomingMessage) => {
    if (headers['x-amz-target'] !== undefined) return json;
    return /^\/(\?|$)/.test(url) ? query : rest;
  };
  return (request, response) => {
    const protocol = protocolOf(request);
    const exchange: Exchange = { request, response, requestId: randomUUID(), protocol };
    void serve(exchange, options);
  };
}

async function serve(exchange: Exchange, options: AwsEndpointOptions): Promise<void> {
  const { requestId, protocol } = exchange;
  try {
    await answer(exchange, options);
  } catch (error) {
    // A client that has disconnected cannot be answered.
    if (exchange.request.destroyed && !exchange.request.complete) return;
    const failure = error instanceof AwsError ? error : internalFailure(error, options);
    record(exchange, options, failure.code);
    send(exchange, protocol.failure(failure, exchange.target?.service, requestId));
  }
}

function internalFailure(error: unknown, { onError }: AwsEndpointOptions): AwsError {
  onError?.(error);
  return new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.');
}

async function answer(exchange: Exchange, options: AwsEndpointOptions): Promise<void> {
  const { request, requestId, protocol } = exchange;
  const body = await readBody(request);
  const target = protocol.find({ request, body, requestId });
  exchange.target = target;
  const principal = authenticate(request, body, target.service, options.account);
  exchange.principal = principal;
  assertMayCallIam(principal, target.service);
  const fault = options.faults.take(target.name);
  if (fault !== undefined && (await inject(fault, exchange, options))) return;
  const call = callOf(request, principal, options.account);
  const reply = await perform(target, call, options);
  record(exchange, options);
  send(exchange, reply);
}

/** What others have changed and this call may have seen is saved before the answer, too. */
async function perform(target: Target, call: Call, { state }: AwsEndpointOptions): Promise<Reply> {
  const { permissions, run } = target.prepare(call);
  authorize(permissions, call);
  const reply = run();
  if (!target.readOnly) state?.changed();
  try {
    return await reply;
  } finally {
    await state?.saved();
  }
}

function send({ request, response, answerIsLost }: Exchange, { status, headers, body }: Reply): void {
  if (answerIsLost) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** GetSessionToken credentials without MFA cannot call IAM, nor can federated users. */
function assertMayCallIam({ type, session }: Principal, service: Service): void {
  const withoutMfa = type === 'user' && session !== undefined && session.mfaAt === undefined;
  if (service === 'iam' && (withoutMfa || type === 'federated-user')) {
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid');
  }
}

/**
 * Delays or fails the call; true if that ends it. A delayed call does nothing if its client has disconnected, unless
 * its answer is to be lost.
 */
async function inject(
  { error, delayMs = 0 }: Fault,
  exchange: Exchange,
  options: AwsEndpointOptions,
): Promise<boolean> {
  const { request, response, requestId, protocol } = exchange;
  if (delayMs > 0) await delay(delayMs);
  exchange.answerIsLost = error === 'lost-answer';
  if (exchange.answerIsLost) return false;
  if (response.destroyed) return true;
  if (error === undefined) return false;
  if (error !== 'connection-reset' && error !== 'malformed') {
    throw new AwsError(error, error.startsWith('Throttling') ? 'Rate exceeded' : 'Injected fault.');
  }
  record(exchange, options, error);
  if (error === 'connection-reset') request.socket.destroy();
  else send(exchange, protocol.malformed(requestId));
  return true;
}

function record(
  { request, target, principal }: Exchange,
  options: AwsEndpointOptions,
  errorCode?: string,
): void {
  if (target === undefined) return;
  const { sourceIdentity, origin } = principal?.session ?? {};
  options.account.trail.record({
    time: options.clock.now(),
    service: target.service,
    operation: target.name,
    source: sourceOf(request),
    ...(principal !== undefined && { principalArn: principal.arn }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(origin !== undefined && { origin }),
    ...(Object.keys(target.parameters).length > 0 && { parameters: target.parameters }),
    ...(errorCode !== undefined && { errorCode }),
  });
}
