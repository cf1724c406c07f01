import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Caller } from '../caller.ts';
import type { Input, MediaType, Operation, Output } from '../contract/operation.ts';
import { observed } from '../observation.ts';
import { accessLog } from './access-log.ts';
import { callerOf } from './caller.ts';
import { cors } from './cors.ts';
import { assertDeployedRoute, assertGate } from './guard.ts';
import { headerOf, parseInput } from './input.ts';
import { preferredMedia } from './media.ts';
import { problemDetails } from './problem-details.ts';
import { type Media, successResponse } from './response.ts';

/** Milliseconds kept back from the function's time for releasing the lease and answering. */
const reserveMillis = 1500;

/** What a use case's adapters may know of the request beside its input. */
export interface Call {
  readonly operation: Operation;
  readonly caller: Caller;
  /** Aborts shortly before the function's time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds until the function is ended. */
  readonly remainingMillis: number;
  /** The representation asked for in place of JSON. */
  readonly media: MediaType | undefined;
}

/**
 * A Lambda handler for one operation behind API Gateway: checks by the contract, runs the use case, answers JSON,
 * another representation or a problem document, and logs one line.
 */
export function endpoint<O extends Operation>(
  operation: O,
  handle: (input: Input<O>, call: Call) => Promise<Output<O> | Media>,
) {
  return answering(operation, async (event, context) => {
    const caller = callerOf(event);
    assertGate(caller, operation);
    const input = parseInput(event, operation);
    const media = preferredMedia(headerOf(event, 'accept'), operation.media);
    return withDeadline(context, (signal, remainingMillis) =>
      handle(input, { operation, caller, signal, remainingMillis, media }),
    );
  });
}

/** The same for an operation that anybody may call. Throws for one that only some may. */
export function openEndpoint<O extends Operation>(
  operation: O,
  handle: (input: Input<O>) => Output<O> | Media,
) {
  if (operation.gate !== 'anonymous') throw new Error(`${operation.name} is not for anybody to call`);
  return answering(operation, async (event) => handle(parseInput(event, operation)));
}

function answering(
  operation: Operation,
  work: (event: APIGatewayProxyEvent, context: Context) => Promise<unknown>,
) {
  const chain = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(cors())
    .use(accessLog(operation))
    .use(problemDetails())
    .handler(async (event, context) => {
      assertDeployedRoute(event, operation);
      const result = await work(event, context);
      return successResponse(operation, result, event.requestContext.requestId);
    });
  return (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>
    observed(() => chain(event, context));
}

async function withDeadline<T>(
  context: Context,
  work: (signal: AbortSignal, remainingMillis: number) => Promise<T>,
): Promise<T> {
  const remainingMillis = context.getRemainingTimeInMillis();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, remainingMillis - reserveMillis));
  try {
    return await work(controller.signal, remainingMillis);
  } finally {
    clearTimeout(timer);
  }
}
