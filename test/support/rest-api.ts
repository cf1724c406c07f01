import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { newDeployment } from '../../infra/template/deployments.ts';
import { serviceTemplate } from '../../infra/template/service-template.ts';
import { deployment } from '../../local-aws/deployment.ts';
import type { Operation } from '../../shared/contract/operation.ts';

/** The template of these operations, resolved as the local AWS does. */
export function resolvedTemplate(
  operations: readonly Operation[],
  parameters: Readonly<Record<string, string>> = {},
): ResolvedTemplate {
  const code = (name: string) => ({ S3Bucket: 'bucket', S3Key: `${name}.zip` });
  const template = serviceTemplate(operations, { code, deployments: newDeployment('Deployment') });
  const place = { ...deployment, urlSuffix: 'amazonaws.com', stackName: 'mfa-self-service-local' };
  return resolveTemplate(template, { parameters: { Stage: deployment.stage, ...parameters }, place });
}

type Change = Readonly<Record<string, unknown>>;

/** The template with other properties of a resource; those that become undefined are left out. */
export function withProperties(
  resolved: ResolvedTemplate,
  logicalId: string,
  change: Change,
): ResolvedTemplate {
  const resource = resolved.resources[logicalId];
  if (resource === undefined) throw new Error(`The template has no ${logicalId}`);
  const all = Object.entries({ ...resource.properties, ...change });
  const properties = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  return withResource(resolved, logicalId, { ...resource, properties });
}

/** The template with another resource. */
export function withResource(
  resolved: ResolvedTemplate,
  logicalId: string,
  resource: Pick<ResolvedResource, 'type' | 'properties'> & Partial<ResolvedResource>,
): ResolvedTemplate {
  const whole = { ref: logicalId, attributes: {}, dependsOn: [], ...resource };
  return { ...resolved, resources: { ...resolved.resources, [logicalId]: whole } };
}

/** The template without some resources. */
export function withoutResources(
  resolved: ResolvedTemplate,
  ...logicalIds: readonly string[]
): ResolvedTemplate {
  const left = Object.entries(resolved.resources).filter(([logicalId]) => !logicalIds.includes(logicalId));
  return { ...resolved, resources: Object.fromEntries(left) };
}
