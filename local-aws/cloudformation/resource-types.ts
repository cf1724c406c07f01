import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';

/** What the local AWS makes of the resources of a type. */
type Handling =
  /** The module that reads them, and each of their properties. */
  | { readonly readBy: string }
  /** Why they need none. */
  | { readonly withoutEffect: string };

const gateway = { readBy: 'gateway/rest-api.ts' };
const notWatched = { withoutEffect: 'nobody watches the metrics of a local run' };

/** Every type of resource that the template may have. */
export const resourceTypes: Readonly<Record<string, Handling>> = {
  'AWS::ApiGateway::Deployment': gateway,
  'AWS::ApiGateway::GatewayResponse': gateway,
  'AWS::ApiGateway::Method': gateway,
  'AWS::ApiGateway::Resource': gateway,
  'AWS::ApiGateway::RestApi': gateway,
  'AWS::ApiGateway::Stage': gateway,
  'AWS::CloudWatch::Alarm': notWatched,
  'AWS::CloudWatch::Dashboard': notWatched,
  'AWS::DynamoDB::Table': { readBy: 'cloudformation/dynamodb.ts' },
  'AWS::Events::Rule': { readBy: 'cloudformation/events.ts' },
  'AWS::IAM::ManagedPolicy': { readBy: 'cloudformation/iam.ts' },
  'AWS::IAM::Role': { readBy: 'cloudformation/iam.ts' },
  'AWS::Lambda::EventInvokeConfig': { readBy: 'cloudformation/lambda.ts' },
  'AWS::Lambda::Function': { readBy: 'cloudformation/lambda.ts' },
  'AWS::Lambda::Permission': { readBy: 'cloudformation/lambda.ts' },
  'AWS::Logs::LogGroup': { readBy: 'cloudformation/logs.ts' },
  'AWS::Logs::MetricFilter': notWatched,
  'AWS::Logs::SubscriptionFilter': { readBy: 'cloudformation/logs.ts' },
  'AWS::SecretsManager::Secret': { readBy: 'cloudformation/secrets-manager.ts' },
  'AWS::SQS::Queue': { readBy: 'cloudformation/sqs.ts' },
  'AWS::SQS::QueuePolicy': { readBy: 'cloudformation/sqs.ts' },
};

/** Throws an error that names a resource whose type the local AWS does not know. */
export function checkTypes({ resources }: ResolvedTemplate): void {
  for (const [logicalId, { type }] of Object.entries(resources)) {
    if (!Object.hasOwn(resourceTypes, type)) {
      throw new Error(`${logicalId}: the local AWS does not know the resource type ${type}`);
    }
  }
}
