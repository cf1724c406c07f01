import type { Operation } from '../../shared/contract/operation.ts';
import type { Template, TemplateResource } from '../cloudformation/template.ts';
import { newDeployment } from './deployments.ts';
import { functionId } from './logical-ids.ts';
import { parameters } from './parameters.ts';
import { serviceTemplate } from './service-template.ts';

/** A template as osls compiles it. */
export type CompiledTemplate = Pick<Template, 'Resources' | 'Outputs'>;

const bucketIds = ['ServerlessDeploymentBucket', 'ServerlessDeploymentBucketPolicy'];
const bucketOutput = 'ServerlessDeploymentBucketName';

/**
 * The templates that osls deploys: first one with nothing but the bucket for the functions' code, then the service with
 * that bucket. Both have all parameters, since osls passes the same values to both.
 */
export function templatesFor<Core extends CompiledTemplate>(
  core: Core,
  compiled: CompiledTemplate,
  operations: readonly Operation[],
): { readonly core: Core & Pick<Template, 'Parameters'>; readonly complete: Template } {
  const template = serviceTemplate(operations, {
    code: (name) => codeIn(compiled.Resources[functionId(name)]),
    // Every deployment publishes what the API is then.
    deployments: newDeployment(`ApiGatewayDeployment${Date.now()}`),
  });
  return {
    core: { ...core, Parameters: parameters },
    complete: {
      ...template,
      Resources: { ...picked(compiled.Resources, bucketIds), ...template.Resources },
      Outputs: { ...picked(compiled.Outputs, [bucketOutput]), ...template.Outputs },
    },
  };
}

function codeIn(resource: TemplateResource | undefined): { S3Bucket: unknown; S3Key: unknown } {
  const { S3Bucket, S3Key } = Object(resource?.Properties?.['Code']);
  if (S3Key === undefined) throw new Error('osls has packed no code for a function');
  return { S3Bucket, S3Key };
}

const picked = <Value>(
  all: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
