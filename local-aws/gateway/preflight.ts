import { type Preflight, preflightHeaders } from '../../infra/template/preflight.ts';
import type { Answer } from './answer.ts';
import { type GatewayRequest, headerOf } from './request.ts';

export interface PreflightRoute extends Preflight {
  readonly method: string;
}

/** The answer of a path's OPTIONS method, which allows only configured origins. */
export function preflightAnswer(
  request: GatewayRequest,
  preflight: Preflight,
  allowedOrigins: readonly string[],
): Answer {
  const origin = headerOf(request, 'origin');
  const allowed = origin !== undefined && allowedOrigins.includes(origin);
  return {
    status: 204,
    headers: [
      ...Object.entries(preflightHeaders(preflight)),
      ...(allowed ? [['access-control-allow-origin', origin] as const] : []),
    ],
    body: Buffer.alloc(0),
  };
}
