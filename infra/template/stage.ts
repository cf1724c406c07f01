import type { CompiledResource } from './cloudformation.ts';
import type { TemplateSettings } from './settings.ts';

/**
 * One line of JSON per request: who, what, result, time. It contains nothing that the caller can choose freely, since
 * API Gateway does not escape values: the route rather than the path, and no query, header or body.
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

/** The logical id of the access log. */
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
 * osls would have the deployment create the stage and then change it with API calls. In the template, throttling,
 * logging and tracing apply from the first request, roll back with the rest, and can be audited.
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
          // Execution logs and data tracing would record headers and bodies, and with them seeds and codes.
          LoggingLevel: 'OFF',
          DataTraceEnabled: false,
          MetricsEnabled: false,
          CachingEnabled: false,
        },
      ],
    },
  };
}
