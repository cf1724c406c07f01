import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { deploymentSettings } from '../config/deployment.ts';
import { headerOf } from './input.ts';

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** Lets pages of the configured origins read responses. API Gateway answers preflights. */
export function cors(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const allow = ({ event, response }: Request): void => {
    const origins = deploymentSettings().ALLOWED_ORIGINS;
    if (!response || origins.length === 0) return;
    const origin = headerOf(event, 'origin');
    response.headers = {
      ...response.headers,
      vary: 'origin',
      ...(origin !== undefined && origins.includes(origin) && allowed(origin)),
    };
  };
  return { after: allow, onError: allow };
}

const allowed = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'x-request-id,retry-after,ratelimit,ratelimit-policy',
});
