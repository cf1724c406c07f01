import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Caller, Principal } from '../contract/caller.ts';
import type { Metered } from '../contract/code-limit.ts';
import type { Input, MediaType, Operation, Output } from '../contract/operation.ts';
import { withDeadline } from '../lambda/deadline.ts';
import { withInvocation } from '../lib/invocation.ts';
import { accessLog } from './access-log.ts';
import { callerOf, principalOf } from './caller.ts';
import { cors } from './cors.ts';
import { headerOf, parseInput } from './input.ts';
import { preferredMedia } from './media.ts';
import { problemDetails } from './problem-details.ts';
import { type Media, type Repeated, successResponse } from './response.ts';
import { assertDeployedRoute, assertGate } from './route-check.ts';

/** What a use case returns. */
type Answer<O> = Output<O> | Metered<Output<O>> | Repeated<Output<O>> | Media;

/** What adapters may know about a request besides its input. */
export interface AnonymousCall {
  readonly operation: Operation;
  /** Aborts shortly before the function's time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda ends the function. */
  readonly remainingMillis: number;
  /** The representation requested instead of JSON. */
  readonly media: MediaType | undefined;
}

/** A call by an IAM user about their own devices. */
export interface Call extends AnonymousCall {
  readonly caller: Caller;
}

/** A call by a user or role about another user. */
export interface PrincipalCall extends AnonymousCall {
  readonly principal: Principal;
}

/**
 * A Lambda handler for an operation that users call for themselves: checks the request against the contract, runs the
 * use case, answers with JSON, another representation or a problem document, and logs one line.
 */
export function endpoint<O extends Operation>(
  operation: O,
  handle: (input: Input<O>, call: Call) => Promise<Answer<O>>,
) {
  return signed(operation, (event) => ({ caller: checked(callerOf(event), operation) }), handle);
}

/** The same for an operation that users and roles call about another user. */
export function principalEndpoint<O extends Operation>(
  operation: O,
  handle: (input: Input<O>, call: PrincipalCall) => Promise<Answer<O>>,
) {
  return signed(operation, (event) => ({ principal: checked(principalOf(event), operation) }), handle);
}

function checked<Who extends Caller | Principal>(who: Who, operation: Operation): Who {
  assertGate(who, operation);
  return who;
}

function signed<O extends Operation, Who>(
  operation: O,
  whoOf: (event: APIGatewayProxyEvent) => Who,
  handle: (input: Input<O>, call: AnonymousCall & Who) => Promise<Answer<O>>,
) {
  return answering(operation, async (event, context) => {
    const who = whoOf(event);
    const input = parseInput(event, operation);
    const media = preferredMedia(headerOf(event, 'accept'), operation.media);
    return withDeadline(context, ({ signal, millisLeft }) =>
      handle(input, { ...who, operation, signal, remainingMillis: millisLeft(), media }),
    );
  });
}

/** The same for an operation that anyone may call. Throws if the contract restricts it. */
export function openEndpoint<O extends Operation>(
  operation: O,
  handle: (input: Input<O>) => Output<O> | Media,
) {
  if (operation.gate !== 'anonymous') throw new Error(`${operation.name} is not open to everyone`);
  return answering(operation, async (event) => handle(parseInput(event, operation)));
}

/** Wraps an operation's work in the checks, log lines and problem documents that all operations share. */
export function answering(
  operation: Operation,
  work: (event: APIGatewayProxyEvent, context: Context) => Promise<unknown>,
) {
  // Without middy's own timer: the work has its own deadline, which leaves more than middy's five milliseconds.
  const chain = middy<APIGatewayProxyEvent, APIGatewayProxyResult>({ timeoutEarlyInMillis: 0 })
    .use(cors())
    .use(accessLog(operation))
    .use(problemDetails())
    .handler(async (event, context) => {
      assertDeployedRoute(event, operation);
      const result = await work(event, context);
      return successResponse(operation, result, event.requestContext.requestId);
    });
  return (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>
    withInvocation(() => chain(event, context));
}
