import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { auditFields, auditResult } from '../audit.ts';
import type { Operation } from '../contract/operation.ts';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import { log } from '../log.ts';
import { type Metrics, metricFields, roundMillis } from '../metrics.ts';
import { type Observation, observation } from '../observation.ts';

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/**
 * Logs one line per request: who, what, result, time and metrics; neither input nor output. A change, or a refusal
 * that matters, is told in a line of its own before it, for the audit.
 */
export function accessLog(
  operation: Operation,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const logLines = (request: Request): void => {
    const code = codeOf(request.error);
    const seen = observation();
    logChange(operation, request, code, seen);
    logRequest(operation, request, code, seen);
  };
  return { after: logLines, onError: logLines };
}

function codeOf(error: Error | null | undefined): ProblemCode | undefined {
  if (!error) return undefined;
  return error instanceof Problem ? error.code : 'internal-error';
}

function logRequest(
  { name }: Operation,
  { event, response }: Request,
  code: ProblemCode | undefined,
  seen: Observation,
): void {
  const { requestId, identity, stage } = event.requestContext;
  const millis = performance.now() - seen.startedAt;
  log.info('request', {
    requestId,
    operation: name,
    status: response?.statusCode,
    ...(code !== undefined && { code }),
    userArn: identity.userArn,
    sourceIp: identity.sourceIp,
    millis: Math.round(millis),
    ...metricFields({ stage, operation: name, code }, metricsOf(seen, millis, code)),
  });
}

function metricsOf(seen: Observation, millis: number, code: ProblemCode | undefined): Metrics {
  return {
    Requests: 1,
    Latency: roundMillis(millis),
    UpstreamCalls: seen.upstreamCalls,
    UpstreamMillis: roundMillis(seen.upstreamMillis),
    ...(code !== undefined && { Problems: 1 }),
    ...(code === 'step-up-required' && { StepUpRefused: 1 }),
    ...(code === undefined && seen.changes.has('CreateVirtualMFADevice') && { EnrolmentsStarted: 1 }),
    ...(code === undefined && seen.changes.has('EnableMFADevice') && { EnrolmentsFinished: 1 }),
  };
}

function logChange(
  { audit }: Operation,
  { event: { requestContext } }: Request,
  code: ProblemCode | undefined,
  { changes, devices }: Observation,
): void {
  const result = auditResult(code, changes);
  if (audit === undefined || result === undefined) return;
  const { requestId, identity } = requestContext;
  const entry = auditFields({
    action: audit,
    result,
    code,
    userName: /:user\/(?:.*\/)?([^/]+)$/.exec(identity.userArn ?? '')?.[1],
    userArn: identity.userArn,
    userId: identity.user,
    accessKeyId: identity.accessKey,
    sourceIp: identity.sourceIp,
    requestId,
    serialNumber: devices[0],
    replaces: devices[1],
    changes: [...changes],
  });
  log.info('change', entry);
}
