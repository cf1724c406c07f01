import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { logGroup } from './function-resources.ts';
import { restApiId } from './logical-ids.ts';
import { setting } from './parameters.ts';
import { placeholders } from './placeholders.ts';

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

export const accessLogGroup = (): TemplateResource =>
  logGroup(`/aws/api-gateway/mfa-self-service-${placeholders.stage}`);

/** Its variables tell preflights the allowed origins. @param DeploymentId the deployment that it serves */
export function stageResource(DeploymentId: object): TemplateResource {
  return {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: { Ref: restApiId },
      DeploymentId,
      StageName: placeholders.stage,
      // The condition is within: the CDK's CfnInclude spoils a map that is one.
      Variables: { allowedOrigins: ifGiven('AllowedOrigins', setting('AllowedOrigins')) },
      TracingEnabled: true,
      AccessLogSetting: {
        DestinationArn: { 'Fn::GetAtt': [accessLogGroupId, 'Arn'] },
        Format: accessLogFormat,
      },
      MethodSettings: [
        {
          ResourcePath: '/*',
          HttpMethod: '*',
          ThrottlingRateLimit: setting('ThrottlingRateLimit'),
          ThrottlingBurstLimit: setting('ThrottlingBurstLimit'),
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
