import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '../contract/operation.ts';
import { Problem } from '../contract/problem.ts';
import { log } from '../log.ts';

type State = { startedAt?: number };
type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context, State>;

/** Logs one line per request: who, what, result and time; neither input nor output. */
export function accessLog(
  operation: Operation,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context, State> {
  const logLine = ({ event, error, response, internal }: Request): void => {
    const { requestId, identity } = event.requestContext;
    log.info('request', {
      requestId,
      operation: operation.name,
      status: response?.statusCode,
      ...(error instanceof Problem ? { code: error.code } : {}),
      userArn: identity.userArn,
      sourceIp: identity.sourceIp,
      millis: Math.round(performance.now() - (internal.startedAt ?? 0)),
    });
  };
  return {
    before: ({ internal }) => {
      internal.startedAt = performance.now();
    },
    after: logLine,
    onError: logLine,
  };
}
