import { createRequire } from 'node:module';
import { resolveTemplate } from '../../../infra/cloudformation/resolve.ts';
import type { ResolvedResource } from '../../../infra/cloudformation/template.ts';
import { cloudFormationCalls } from '../../../infra/deployer/cloudformation-calls.ts';
import { parameterValuesOf } from '../../../infra/template/settings.ts';
import { webhookSystems } from '../../../shared/contract/ticketing.ts';
import { writtenTemplate } from '../../support/packaged-template.ts';
import { accountId, bucket, type Call, here, region, type Way } from './call.ts';

const apis = `arn:aws:apigateway:${region}::/restapis`;
const tagsOfApi = `arn:aws:apigateway:${region}::/tags/${encodeURIComponent(`${apis}/abcde12345`)}`;

/** With everything that is optional, so that every type and every name occurs. */
const values = parameterValuesOf('prod', {
  noticeSender: 'mfa@example.com',
  operatorTopicArn: here('sns', 'operators'),
  ticketing: Object.fromEntries(
    webhookSystems.map((system) => [system, { outcomeUrl: 'https://tickets.example.com/outcomes' }]),
  ),
});

/** The resources of the stack, by logical id. */
const resourcesOf = (stackName: string): Readonly<Record<string, ResolvedResource>> =>
  resolveTemplate(writtenTemplate, {
    parameters: values,
    place: { accountId, region, partition: 'aws', urlSuffix: 'amazonaws.com', stackName },
  }).resources;

/** What osls adds to the stack. */
const bucketTypes = Object.values(
  createRequire(import.meta.url)('serverless/lib/plugins/aws/package/lib/core-cloudformation-template.json')
    .Resources as Readonly<Record<string, { readonly Type: string }>>,
).map(({ Type }) => Type);

export const typesOfTemplate: ReadonlySet<string> = new Set([
  ...Object.values(resourcesOf('mfa-self-service-prod')).map(({ type }) => type),
  ...bucketTypes,
]);

/** What CloudFormation calls for all resources of the stack, if it is deployed in this way. */
export function callsFor(way: Way): readonly Call[] {
  const ofBucket = way.code.startsWith(bucket)
    ? bucketTypes.flatMap((type) => callsOn(type, type, () => [bucket]))
    : [];
  const ofTemplate = Object.entries(resourcesOf(way.stack)).flatMap(([id, resource]) =>
    callsOn(resource.type, id, (on) => concerned(resource, on, way)),
  );
  return [...ofBucket, ...ofTemplate];
}

const callsOn = (type: string, id: string, arns: (on: string) => readonly string[]): readonly Call[] =>
  (cloudFormationCalls[type] ?? [])
    .filter(({ only = '' }) => id.startsWith(only))
    .flatMap(({ actions, on }) =>
      arns(on).flatMap((resource) => actions.map((action) => ({ action, resource, why: `${type} ${id}` }))),
    );

function concerned(resource: ResolvedResource, on: string, way: Way): readonly string[] {
  if (on === 'any') return ['*'];
  if (on === 'its code') return [way.code];
  if (on === 'its collection') return [apis];
  if (on === 'its tags') return [tagsOfApi];
  if (on === 'its role') return [String(resource.properties['Role'])];
  return arnsOf(resource);
}

/** The ARNs under which AWS knows a resource, or what it belongs to. */
function arnsOf({ type, ref, attributes, properties }: ResolvedResource): readonly string[] {
  if (type.startsWith('AWS::ApiGateway::')) return [`${apis}/abcde12345`];
  switch (type) {
    case 'AWS::CloudWatch::Dashboard':
      return [`arn:aws:cloudwatch::${accountId}:dashboard/${ref}`];
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::SecretsManager::Secret':
      return [ref];
    case 'AWS::Lambda::EventInvokeConfig':
    case 'AWS::Lambda::Permission':
      return [here('lambda', `function:${String(properties['FunctionName']).split(':').at(-1)}`)];
    case 'AWS::Logs::LogGroup':
      return ofLogGroup(ref);
    case 'AWS::Logs::MetricFilter':
    case 'AWS::Logs::SubscriptionFilter':
      return ofLogGroup(String(properties['LogGroupName']));
    case 'AWS::SQS::QueuePolicy':
      return [properties['Queues']].flat().map((url) => here('sqs', String(url).split('/').at(-1) ?? ''));
    default:
      if (attributes['Arn'] === undefined) throw new Error(`The test does not know the ARN of a ${type}`);
      return [attributes['Arn']];
  }
}

const ofLogGroup = (name: string): readonly string[] =>
  ['', ':*'].map((rest) => here('logs', `log-group:${name}${rest}`));
