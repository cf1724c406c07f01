import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Operation } from '../contract/operation.ts';
import { type ProblemCode, problemCodeOf } from '../contract/problem.ts';
import { auditFields, auditResult } from '../events/audit.ts';
import { currentInvocation, type Invocation } from '../lib/invocation.ts';
import { log } from '../lib/log.ts';
import { invocationMetrics, type Metrics, metricFields } from '../lib/metrics.ts';

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/**
 * Logs one line per request: who, what, result, time and metrics, but neither input nor output. For the audit, a
 * change or a refusal that matters gets its own line before it.
 */
export function accessLog(
  operation: Operation,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const logLines = (request: Request): void => {
    const code = request.error ? problemCodeOf(request.error) : undefined;
    const seen = currentInvocation();
    logChange(operation, request, code, seen);
    logRequest(operation, request, code, seen);
  };
  return { after: logLines, onError: logLines };
}

function logRequest(
  { name }: Operation,
  { event, response }: Request,
  code: ProblemCode | undefined,
  seen: Invocation,
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

function metricsOf(seen: Invocation, millis: number, code: ProblemCode | undefined): Metrics {
  return {
    ...invocationMetrics(seen, millis),
    ...(code !== undefined && { Problems: 1 }),
    ...(code === 'step-up-required' && { StepUpRefused: 1 }),
    ...(code === undefined && seen.changes.has('CreateVirtualMFADevice') && { EnrolmentsStarted: 1 }),
    ...(code === undefined && seen.changes.has('EnableMFADevice') && { EnrolmentsFinished: 1 }),
    ...(code === undefined && seen.changes.has('RequestRecovery') && { RecoveriesRequested: 1 }),
  };
}

function logChange(
  operation: Operation,
  { event }: Request,
  code: ProblemCode | undefined,
  { changes, devices, recovery, webhook }: Invocation,
): void {
  const { audit } = operation;
  const result = auditResult(code, changes);
  if (audit === undefined || result === undefined) return;
  const entry = auditFields({
    action: audit,
    result,
    code,
    ...(webhook === undefined ? signer(event) : { userName: webhook.requestedBy, system: webhook.system }),
    sourceIp: event.requestContext.identity.sourceIp,
    requestId: event.requestContext.requestId,
    serialNumber: devices[0],
    replaces: devices[1],
    recovery,
    changes: [...changes],
  });
  log.info('change', entry);
}

/** The user or role session that API Gateway authenticated. */
function signer({ requestContext: { identity } }: APIGatewayProxyEvent) {
  const { userArn, user: userId, accessKey: accessKeyId } = identity;
  return { userName: /\/([^/]+)$/.exec(userArn ?? '')?.[1], userArn, userId, accessKeyId };
}
