import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Problem } from '../contract/problem.ts';
import { errorFields, log } from '../lib/log.ts';
import { problemResponse } from './response.ts';

/** Turns every error into a problem document, and logs those that are the service's own fault. */
export function problemDetails(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const { error } = request;
      const { requestId } = request.event.requestContext;
      if (!(error instanceof Problem) || error.status >= 500)
        log.error('failed', { requestId, ...errorFields(error) });
      request.response = problemResponse(error, requestId);
    },
  };
}
