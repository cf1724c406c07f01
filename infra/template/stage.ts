import type { CompiledResource } from './cloudformation.ts';
import type { TemplateSettings } from './settings.ts';

/**
 * One line of JSON per request: who, what, result, time. Only what the caller cannot choose freely is in it, since
 * API Gateway does not escape: the route rather than the path, and no query, header or body.
 */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  requestTimeEpoch: '$context.requestTimeEpoch',
  stage: '$context.stage',
  httpMethod: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  status: '$context.status',
  errorResponseType: '$context.error.responseType',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  responseLatency: '$context.responseLatency',
  responseLength: '$context.responseLength',
  sourceIp: '$context.identity.sourceIp',
  userArn: '$context.identity.userArn',
  xrayTraceId: '$context.xrayTraceId',
});

/** The logical id of the log group that has a line per request. */
export const accessLogGroupId = 'AccessLogGroup';

export function accessLogGroup({ stage, logRetentionInDays }: TemplateSettings): CompiledResource {
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: `/aws/api-gateway/mfa-self-service-${stage}`,
      RetentionInDays: logRetentionInDays,
    },
  };
}

/**
 * The stage, which osls would let the deployment make and then change by its own calls: in the template throttling,
 * logging and tracing hold from the first request, roll back with the rest, and can be audited.
 */
export function stageResource(settings: TemplateSettings, deploymentId: string): CompiledResource {
  return {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: { Ref: 'ApiGatewayRestApi' },
      DeploymentId: { Ref: deploymentId },
      StageName: settings.stage,
      TracingEnabled: true,
      AccessLogSetting: {
        DestinationArn: { 'Fn::GetAtt': [accessLogGroupId, 'Arn'] },
        Format: accessLogFormat,
      },
      MethodSettings: [
        {
          ResourcePath: '/*',
          HttpMethod: '*',
          ThrottlingRateLimit: settings.throttlingRateLimit,
          ThrottlingBurstLimit: settings.throttlingBurstLimit,
          // Execution logs and data tracing would write headers and bodies, and with them seeds and codes.
          LoggingLevel: 'OFF',
          DataTraceEnabled: false,
          MetricsEnabled: false,
          CachingEnabled: false,
        },
      ],
    },
  };
}
