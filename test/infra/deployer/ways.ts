import { readFileSync } from 'node:fs';
import { parsePolicy } from '../../../local-aws/policy/validate.ts';
import type { PolicyDocument } from '../../../local-aws/principal.ts';
import { bucket, type Call, here, stack, type Way } from './call.ts';
import { oslsCommands } from './osls-commands.ts';

const stackSet = 'StackSet-mfa-self-service-prod-1b2c';
const artefacts = 'arn:aws:s3:::amzn-s3-demo-bucket';

const own = (why: string, service: string, names: string, resource: string): readonly Call[] =>
  names.split(' ').map((name) => ({ action: `${service}:${name}`, resource, why }));

const createdByTools =
  'CreateChangeSet DescribeChangeSet DescribeStackEvents DescribeStacks ExecuteChangeSet';

export const ways: Readonly<Record<string, Way>> = {
  'npm run deploy': {
    files: ['stacks', 'osls', 'roles', 'services'],
    stack: 'mfa-self-service-prod',
    code: `${bucket}/serverless/x.zip`,
    own: Object.entries(oslsCommands).map(([why, [action, resource]]) => ({ action, resource, why })),
  },
  // SAM asks for summaries and lists. Source: "Managing permissions", SAM developer guide.
  'aws cloudformation deploy, SAM and Terraform': {
    files: ['stacks', 'artefact-publish', 'artefact-read', 'roles', 'services'],
    stack: 'mfa-self-service-prod',
    code: `${artefacts}/x.zip`,
    own: [
      ...own('tool', 'cloudformation', `${createdByTools} DeleteStack GetTemplate ListStackResources`, stack),
      ...own('tool', 'cloudformation', 'CreateStack UpdateStack', stack),
      ...own('tool', 'cloudformation', 'GetTemplateSummary', '*'),
      ...own('upload', 's3', 'GetObject PutObject', `${artefacts}/x.zip`),
      ...own('upload', 's3', 'ListBucket', artefacts),
    ],
  },
  StackSets: {
    files: ['stacks', 'artefact-read', 'roles', 'services'],
    stack: stackSet,
    code: `${artefacts}/x.zip`,
    own: own(
      'StackSets',
      'cloudformation',
      'CreateStack DeleteStack DescribeStackEvents DescribeStacks UpdateStack',
      here('cloudformation', `stack/${stackSet}/1b2c`),
    ),
  },
  'npm run preflight': {
    files: ['preflight'],
    stack: '',
    code: '',
    own: [
      ...own('preflight', 'apigateway', 'GET', 'arn:aws:apigateway:eu-west-1::/account'),
      ...own('preflight', 'apigateway', 'GET', 'arn:aws:apigateway:eu-west-1::/restapis/abcde12345'),
      ...own('preflight', 'cloudformation', 'DescribeStacks', stack),
      ...own('preflight', 'cloudformation', 'GetTemplate ListStackResources', stack),
      ...own(
        'preflight',
        'cloudformation',
        'DescribeStacks',
        here('cloudformation', `stack/${stackSet}/1b2c`),
      ),
      ...own('preflight', 'lambda', 'GetAccountSettings', '*'),
      ...own(
        'preflight',
        'lambda',
        'GetFunctionConfiguration',
        here('lambda', 'function:mfa-self-service-prod-get-me'),
      ),
      ...own('preflight', 'sts', 'GetCallerIdentity', '*'),
    ],
  },
};

export const policyFiles: Readonly<Record<string, PolicyDocument>> = Object.fromEntries(
  [...new Set(Object.values(ways).flatMap(({ files }) => files))].map((name) => [
    name,
    parsePolicy(
      readFileSync(new URL(`../../../infra/deployer/${name}.json`, import.meta.url), 'utf8'),
      'identity',
    ),
  ]),
);
