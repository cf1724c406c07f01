import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalClock } from '../clock.ts';
import { conditionContext } from '../policy/context.ts';
import type { Principal } from '../principal.ts';
import { verifySignature } from '../sigv4/verify.ts';
import type { Account } from './account.ts';
import { sendError, sendMalformed, sendResult, versions } from './answer.ts';
import { authorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import type { Fault, Faults } from './faults.ts';
import type { Call, Operation } from './operation.ts';
import { operations } from './operations/table.ts';
import type { Query } from './parameters.ts';
import { readBody, readQuery } from './receive.ts';

export interface AwsEndpointOptions {
  readonly account: Account;
  readonly clock: LocalClock;
  readonly faults: Faults;
  /** Told of errors that are not AWS's, which the caller sees as InternalFailure. */
  readonly onError?: (error: unknown) => void;
}

/** What becomes known of a request while it is served. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  operation?: Operation;
  principal?: Principal;
}

/** IAM and STS on one port, by their Query protocol. */
export function createAwsEndpoint(
  options: AwsEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const exchange: Exchange = { request, response, requestId: randomUUID() };
    void serve(exchange, options);
  };
}

async function serve(exchange: Exchange, options: AwsEndpointOptions): Promise<void> {
  const { response, requestId } = exchange;
  try {
    await answer(exchange, options);
  } catch (error) {
    // A client that went away cannot be answered.
    if (exchange.request.destroyed && !exchange.request.complete) return;
    const failure = error instanceof AwsError ? error : internalFailure(error, options);
    record(exchange, options, failure.code);
    sendError(response, requestId, exchange.operation?.service, failure);
  }
}

function internalFailure(error: unknown, { onError }: AwsEndpointOptions): AwsError {
  onError?.(error);
  return new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.');
}

async function answer(exchange: Exchange, options: AwsEndpointOptions): Promise<void> {
  const { request, response, requestId } = exchange;
  const body = await readBody(request);
  const query = readQuery(request, body);
  const operation = findOperation(query);
  exchange.operation = operation;
  const principal = authenticate(exchange, body, operation, options);
  exchange.principal = principal;
  assertMayCallIam(principal, operation.service);
  const fault = options.faults.take(operation.name);
  if (fault !== undefined && (await meet(fault, exchange, options))) return;
  const call = callOf(request, principal, options);
  const { permissions, run } = operation.prepare(query, call);
  authorize(permissions, call);
  const result = await run();
  record(exchange, options);
  sendResult(response, requestId, { service: operation.service, name: operation.name, result });
}

function findOperation(query: Query): Operation {
  const action = query.get('Action');
  if (action === undefined)
    throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
  const version = query.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const operation = operations.get(action);
  if (operation === undefined || versions[operation.service] !== version) {
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
  }
  return operation;
}

function authenticate(
  { request }: Exchange,
  body: Buffer,
  { service }: Operation,
  { account }: AwsEndpointOptions,
): Principal {
  const { method = 'GET', url = '/', headersDistinct: headers } = request;
  const verified = verifySignature(
    { method, target: url, headers, body },
    // Signatures carry real time: SDKs shift their clocks by the Date header, which is real too.
    { credentials: account, services: [service], region: account.region, now: Date.now() },
  );
  if ('error' in verified) {
    const { code, message, status } = verified.error;
    throw new AwsError(code, message, status);
  }
  return verified.principal;
}

/** GetSessionToken credentials without MFA call no IAM API. */
function assertMayCallIam({ type, session }: Principal, service: 'iam' | 'sts'): void {
  if (service === 'iam' && type === 'user' && session !== undefined && session.mfaAt === undefined) {
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid');
  }
}

/** Delays or fails the call; true when it ends with that. A delayed call whose client is gone was never made. */
async function meet(
  { error, delayMs = 0 }: Fault,
  exchange: Exchange,
  options: AwsEndpointOptions,
): Promise<boolean> {
  const { request, response, requestId } = exchange;
  if (delayMs > 0) await delay(delayMs);
  if (response.destroyed) return true;
  if (error === undefined) return false;
  if (error !== 'connection-reset' && error !== 'malformed') {
    throw new AwsError(error, error.startsWith('Throttling') ? 'Rate exceeded' : 'This fault was asked for.');
  }
  record(exchange, options, error);
  if (error === 'connection-reset') request.socket.destroy();
  else sendMalformed(response, requestId);
  return true;
}

function callOf(
  request: IncomingMessage,
  principal: Principal,
  { account, clock }: AwsEndpointOptions,
): Call {
  const now = clock.now();
  const userAgent = request.headers['user-agent'];
  // Stands for AWS's endpoints, which policies see as HTTPS.
  const facts = {
    now,
    sourceIp: sourceOf(request),
    secureTransport: true,
    ...(userAgent !== undefined && { userAgent }),
  };
  return { account, principal, now, context: conditionContext(principal, facts) };
}

function record(
  { request, operation, principal }: Exchange,
  options: AwsEndpointOptions,
  errorCode?: string,
): void {
  if (operation === undefined) return;
  const sourceIdentity = principal?.session?.sourceIdentity;
  options.account.trail.record({
    time: options.clock.now(),
    service: operation.service,
    operation: operation.name,
    source: sourceOf(request),
    ...(principal !== undefined && { principalArn: principal.arn }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(errorCode !== undefined && { errorCode }),
  });
}

function sourceOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
