import { createHash } from 'node:crypto';
import type { Operation } from '../../shared/contract/operation.ts';
import type { Template, TemplateParameter } from '../cloudformation/template.ts';
import { deploymentsByChoice, stepUpAges } from '../template/deployments.ts';
import type { CodeLocation } from '../template/function-resources.ts';
import { parameters } from '../template/parameters.ts';
import { placeholder, withSub } from '../template/placeholders.ts';
import { serviceTemplate } from '../template/service-template.ts';

/** The parameters that a release has besides the settings. */
export const releaseParameters = (version: string): Readonly<Record<string, TemplateParameter>> => ({
  CodeBucket: {
    Type: 'String',
    Description: 'Bucket with the zips of this release, in the Region of the stack.',
    AllowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  },
  CodePrefix: {
    Type: 'String',
    Description: 'What the keys of the zips in the bucket begin with: empty, or ending in a slash.',
    Default: `${version}/`,
    AllowedPattern: '^([A-Za-z0-9!_.*()-]+/)*$',
  },
});

/**
 * The template of a release: its code is in a bucket of whoever deploys it, and needs no tool of ours.
 * @param zipOf the file name of a function's zip
 */
export function releaseTemplate(
  operations: readonly Operation[],
  version: string,
  zipOf: (name: string) => string,
): Template {
  const code: CodeLocation = (name) => ({
    S3Bucket: { Ref: 'CodeBucket' },
    S3Key: withSub(`${placeholder('CodePrefix')}${zipOf(name)}`),
  });
  const made = (fingerprint: string) =>
    serviceTemplate(operations, { code, deployments: deploymentsByChoice(fingerprint) });
  return {
    ...made(fingerprintOf(made(''))),
    Parameters: {
      ...parameters,
      StepUpMaxAge: ofAges(parameters.StepUpMaxAge),
      ...releaseParameters(version),
    },
  };
}

const ofAges = ({ Type, Description, Default }: TemplateParameter): TemplateParameter => ({
  Type,
  Description,
  ...(Default !== undefined && { Default }),
  AllowedValues: stepUpAges,
});

/** The types of which a deployment of the API is a snapshot. */
export const snapshotTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::GatewayResponse',
]);

function fingerprintOf({ Resources }: Template): string {
  const api = Object.entries(Resources).filter(([, { Type }]) => snapshotTypes.has(Type));
  return createHash('sha256').update(JSON.stringify(api)).digest('hex').slice(0, 12);
}
