import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { bucket, here, stack } from './call.ts';

/** By the name of the command in the AWS SDK. */
export const oslsCommands: Readonly<Record<string, readonly [action: string, resource: string]>> = {
  CreateChangeSet: ['cloudformation:CreateChangeSet', stack],
  DeleteChangeSet: ['cloudformation:DeleteChangeSet', stack],
  DeleteObjects: ['s3:DeleteObject', `${bucket}/serverless/x.zip`],
  DeleteStack: ['cloudformation:DeleteStack', stack],
  DescribeChangeSet: ['cloudformation:DescribeChangeSet', stack],
  DescribeStackEvents: ['cloudformation:DescribeStackEvents', stack],
  DescribeStackResource: ['cloudformation:DescribeStackResource', stack],
  DescribeStacks: ['cloudformation:DescribeStacks', stack],
  ExecuteChangeSet: ['cloudformation:ExecuteChangeSet', stack],
  GetFunction: ['lambda:GetFunction', here('lambda', 'function:mfa-self-service-prod-get-me')],
  GetObject: ['s3:GetObject', `${bucket}/serverless/x.zip`],
  GetTemplate: ['cloudformation:GetTemplate', stack],
  HeadBucket: ['s3:ListBucket', bucket],
  HeadObject: ['s3:GetObject', `${bucket}/serverless/x.zip`],
  ListObjectVersions: ['s3:ListBucketVersions', bucket],
  ListObjectsV2: ['s3:ListBucket', bucket],
  ListStackResources: ['cloudformation:ListStackResources', stack],
  Upload: ['s3:PutObject', `${bucket}/serverless/x.zip`],
  ValidateTemplate: ['cloudformation:ValidateTemplate', '*'],
};

/** What osls can call and does not for this service, by the reason. */
export const oslsCommandsNotUsed: Readonly<Record<string, string>> = {
  'needs no permission': 'GetCallerIdentity',
  'container images': 'CreateRepository DescribeImages GetAuthorizationToken PutLifecyclePolicy',
  'container images, whose absence it assumes if it may not look': 'DeleteRepository DescribeRepositories',
  'keys and usage plans': 'DescribeStackResources GetApiKey GetUsagePlans UpdateUsagePlan',
  'another API': 'GetApi ListExports',
  'stages that are not in the template':
    'CreateStage DeleteLogGroup GetDeployments GetRestApis GetStage TagResource UntagResource UpdateStage',
  'subscriptions that it manages itself': 'DeleteSubscriptionFilter DescribeSubscriptionFilters',
  'deployments without change sets': 'CreateStack UpdateStack',
  'stack policies and deletion protection': 'SetStackPolicy UpdateTerminationProtection',
  'commands other than deploy, info, rollback and remove':
    'DeleteFunction DeleteLayerVersion DescribeLogStreams FilterLogEvents GetLayerVersion GetMetricStatistics GetRole Invoke ListVersionsByFunction UpdateFunctionCode UpdateFunctionConfiguration',
};

/** Every command that the AWS plugins of osls have. */
export function commandsOfOsls(): ReadonlySet<string> {
  const plugins = `${dirname(createRequire(import.meta.url).resolve('serverless/package.json'))}/lib/plugins/aws`;
  const sources = readdirSync(plugins, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.includes('custom-resources'))
    .map((name) => readFileSync(`${plugins}/${name}`, 'utf8'));
  const commands = sources.flatMap((text) => [
    ...text.matchAll(/\bnew (\w+)Command\(|\bpaginate(ListObjectsV2)\(|\bnew (Upload)\(/g),
  ]);
  return new Set(commands.map(([, command, paginated, upload]) => command ?? paginated ?? upload ?? ''));
}
