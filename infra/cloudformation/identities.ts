import { literal } from './intrinsics.ts';
import { alphabets, madeUp } from './made-up.ts';
import type { Place, ResolvedResource } from './template.ts';
import { TemplateError } from './template-error.ts';

type Properties = ResolvedResource['properties'];

/** What `Ref` and `Fn::GetAtt` return for a resource. */
export type Identity = Pick<ResolvedResource, 'ref' | 'attributes'>;

/** A resource that is given its identity, and what identities are made of. */
interface Named extends Place {
  readonly logicalId: string;
  readonly properties: Properties;
  /** The name in a property, or one that CloudFormation generates, of at most so many characters. */
  readonly name: (property: string, limit?: number) => string;
  /** An id that AWS chooses. */
  readonly id: (length: number) => string;
  readonly arn: (service: string, resource: string) => string;
  /** The ARN of a resource of a service that has no Regions. */
  readonly globalArn: (service: string, resource: string) => string;
}

const only = (ref: string): Identity => ({ ref, attributes: {} });

/** By type. Source of each: "Return values" in the type's page of the CloudFormation template reference. */
const identities: Readonly<Record<string, (named: Named) => Identity>> = {
  'AWS::ApiGateway::Deployment': ({ id }) => ({ ref: id(6), attributes: { DeploymentId: id(6) } }),
  'AWS::ApiGateway::GatewayResponse': ({ id }) => only(id(10)),
  'AWS::ApiGateway::Method': ({ id, stackName, logicalId }) =>
    only(`${`${stackName}-${logicalId}`.slice(0, 10)}-${id(12)}`),
  'AWS::ApiGateway::Resource': ({ id }) => ({ ref: id(6), attributes: { ResourceId: id(6) } }),
  'AWS::ApiGateway::RestApi': ({ id, apiId = id(10) }) => ({
    ref: apiId,
    attributes: { RestApiId: apiId, RootResourceId: id(10) },
  }),
  'AWS::ApiGateway::Stage': ({ name }) => only(name('StageName')),
  'AWS::CloudWatch::Alarm': ({ name, arn }) => {
    const ref = name('AlarmName', 255);
    return { ref, attributes: { Arn: arn('cloudwatch', `alarm:${ref}`) } };
  },
  'AWS::CloudWatch::Dashboard': ({ name }) => only(name('DashboardName', 255)),
  'AWS::DynamoDB::Table': ({ name, arn }) => {
    const ref = name('TableName', 255);
    return { ref, attributes: { Arn: arn('dynamodb', `table/${ref}`) } };
  },
  'AWS::Events::Rule': ({ name, arn }) => {
    const ref = name('Name', 64);
    return { ref, attributes: { Arn: arn('events', `rule/${ref}`) } };
  },
  'AWS::IAM::ManagedPolicy': ({ name, properties, globalArn }) => {
    const ref = globalArn('iam', `policy${pathOf(properties)}${name('ManagedPolicyName', 128)}`);
    return { ref, attributes: { PolicyArn: ref } };
  },
  'AWS::IAM::Role': ({ name, properties, globalArn }) => {
    const ref = name('RoleName', 64);
    return { ref, attributes: { Arn: globalArn('iam', `role${pathOf(properties)}${ref}`) } };
  },
  'AWS::Lambda::EventInvokeConfig': ({ name }) => only(name('Name')),
  'AWS::Lambda::Function': ({ name, arn }) => {
    const ref = name('FunctionName', 64);
    return { ref, attributes: { Arn: arn('lambda', `function:${ref}`) } };
  },
  'AWS::Lambda::Permission': ({ name }) => {
    const ref = name('Id', 100);
    return { ref, attributes: { Id: ref } };
  },
  'AWS::Logs::LogGroup': ({ name, arn }) => {
    const ref = name('LogGroupName', 512);
    return { ref, attributes: { Arn: arn('logs', `log-group:${ref}:*`) } };
  },
  'AWS::Logs::MetricFilter': ({ name }) => only(name('FilterName', 512)),
  'AWS::Logs::SubscriptionFilter': ({ name }) => only(name('FilterName', 512)),
  'AWS::S3::Bucket': ({ name, properties, partition }) => {
    const ref =
      properties['BucketName'] === undefined ? name('BucketName', 63).toLowerCase() : name('BucketName');
    return { ref, attributes: { Arn: `arn:${partition}:s3:::${ref}` } };
  },
  'AWS::S3::BucketPolicy': ({ name }) => only(name('Bucket')),
  'AWS::SecretsManager::Secret': (named) => {
    const { properties, logicalId, arn } = named;
    const name = properties['Name'] ?? `${logicalId}-${madeUp(named, logicalId, 12, alphabets.anyCase)}`;
    const suffix = madeUp(named, `${logicalId} secret`, 6, alphabets.anyCase);
    const ref = arn('secretsmanager', `secret:${literal(name, 'Name')}-${suffix}`);
    return { ref, attributes: { Id: ref } };
  },
  'AWS::SQS::Queue': ({ name, arn, region, accountId, urlSuffix }) => {
    const QueueName = name('QueueName', 80);
    const QueueUrl = `https://sqs.${region}.${urlSuffix}/${accountId}/${QueueName}`;
    return { ref: QueueUrl, attributes: { Arn: arn('sqs', QueueName), QueueName, QueueUrl } };
  },
  'AWS::SQS::QueuePolicy': ({ name }) => only(name('Id')),
};

/** What a resource is called. Throws a TemplateError if its type is unknown. */
export function identityOf(
  place: Place,
  logicalId: string,
  { type, properties }: Pick<ResolvedResource, 'type' | 'properties'>,
): Identity {
  const identify = Object.hasOwn(identities, type) ? identities[type] : undefined;
  if (identify === undefined) throw new TemplateError(`Unrecognized resource type: ${type}`);
  const { partition, region, accountId } = place;
  return identify({
    ...place,
    logicalId,
    properties,
    name: (property, limit = 128) => nameOf(place, logicalId, properties[property], limit),
    id: (length) => madeUp(place, logicalId, length, alphabets.lowerCase),
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${accountId}:${resource}`,
    globalArn: (service, resource) => `arn:${partition}:${service}::${accountId}:${resource}`,
  });
}

/** CloudFormation generates names of stack, logical id and a random part, and shortens the first two if it must. */
function nameOf(place: Place, logicalId: string, given: unknown, limit: number): string {
  if (given !== undefined) return literal(given, 'a name');
  const random = madeUp(place, logicalId, 12, alphabets.anyCase);
  return `${`${place.stackName}-${logicalId}`.slice(0, limit - random.length - 1)}-${random}`;
}

const pathOf = ({ Path = '/' }: Properties): string => literal(Path, 'Path');
