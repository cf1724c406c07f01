import type { ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import type { Deployed } from '../cloudformation/deploy.ts';
import { deployment } from '../deployment.ts';
import { type LiveApi, liveApiOf } from './live-api.ts';
import { type LiveFunction, liveFunctionsOf, reservedBy } from './live-functions.ts';

/** A stack, as CloudFormation tells it. */
export interface LiveStack {
  readonly name: string;
  readonly arn: string;
  status: string;
  /** As deployed. */
  template: Template;
  parameters: Record<string, string>;
  outputs: ResolvedTemplate['outputs'];
  resources: { readonly logicalId: string; readonly type: string; readonly physicalId: string }[];
}

/**
 * What the services tell whoever manages the deployment. Nothing that the product does changes it, and changes have no
 * effect on what is served: they are for tests, which do what somebody with the console could.
 */
export interface ControlPlane {
  stacks: LiveStack[];
  apis: LiveApi[];
  functions: LiveFunction[];
  /** The role with which API Gateway writes logs, if the account has one. */
  cloudwatchRoleArn: string | undefined;
  /** The account's quota of concurrent executions, and what of it no function has reserved. */
  concurrency: { limit: number; unreserved: number };
}

const quota = 1000;

/** Right after the deployment. */
export function controlPlaneOf({
  template,
  resolved,
}: Pick<Deployed, 'template' | 'resolved'>): ControlPlane {
  const { partition, region, accountId, stackName } = deployment;
  const stack = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}`;
  return {
    stacks: [
      {
        name: stackName,
        arn: `${stack}/6f1c7f60-0000-4000-a000-000000000000`,
        status: 'CREATE_COMPLETE',
        template,
        parameters: { ...resolved.parameters },
        outputs: resolved.outputs,
        resources: Object.entries(resolved.resources).map(([logicalId, { type, ref }]) => ({
          logicalId,
          type,
          physicalId: ref,
        })),
      },
    ],
    apis: [liveApiOf(resolved, deployment)],
    functions: liveFunctionsOf(resolved),
    cloudwatchRoleArn: `arn:${partition}:iam::${accountId}:role/api-gateway-logs`,
    concurrency: { limit: quota, unreserved: quota - reservedBy(resolved) },
  };
}
