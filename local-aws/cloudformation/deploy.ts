import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import { newDeployment } from '../../infra/template/deployments.ts';
import { serviceTemplate } from '../../infra/template/service-template.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { SeedSecret } from '../aws/secrets.ts';
import { deployment, putSecrets } from '../deployment.ts';
import { localParameters } from '../parameters.ts';
import { type DeployedTable, tableOf } from './dynamodb.ts';
import { type Rule, rulesOf } from './events.ts';
import { type DeployedFunction, functionsOf, type MayInvoke, permissionsOf } from './lambda.ts';
import { type SubscriptionFilter, subscriptionsOf } from './logs.ts';
import { checkTypes } from './resource-types.ts';
import { secretsOf } from './secrets-manager.ts';
import { type Queue, queuesOf } from './sqs.ts';

export interface DeployOptions {
  /** Values of the template's parameters, over those of every local deployment. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The template; the product's by default. */
  readonly template?: Template;
}

/** What the template says, as the local services need it. */
export interface Deployed {
  /** As written. */
  readonly template: Template;
  readonly resolved: ResolvedTemplate;
  readonly functions: readonly DeployedFunction[];
  readonly mayInvoke: MayInvoke;
  readonly rules: readonly Rule[];
  readonly subscriptions: readonly SubscriptionFilter[];
  readonly secrets: readonly SeedSecret[];
  readonly table: DeployedTable;
  readonly queues: readonly Queue[];
}

/**
 * Resolves the template as CloudFormation does and reads all of it. Throws an error that names the resource which
 * CloudFormation or its service would refuse, or which the local AWS does not know.
 */
export async function deploy({ parameters = {}, ...options }: DeployOptions = {}): Promise<Deployed> {
  const template = options.template ?? (await productTemplate());
  const generated = new Map<string, string>();
  const secretValue = (arn: string, resources: ResolvedTemplate['resources']): string => {
    const value =
      generated.get(arn) ??
      secretsOf({ resources })
        .find((secret) => secret.arn === arn)
        ?.generate();
    if (value === undefined) throw new Error(`There is no secret ${arn}`);
    generated.set(arn, value);
    return value;
  };
  const resolved = resolveTemplate(template, {
    parameters: { ...localParameters, ...parameters },
    place: deployment,
    secretValue,
  });
  checkTypes(resolved);
  return {
    template,
    resolved,
    functions: functionsOf(resolved),
    mayInvoke: permissionsOf(resolved),
    rules: rulesOf(resolved),
    subscriptions: subscriptionsOf(resolved),
    secrets: secretsOf(resolved).map(({ name, arn }) => ({
      name,
      arn,
      values: [secretValue(arn, resolved.resources), ...(name in putSecrets ? [putSecrets[name] ?? ''] : [])],
    })),
    table: tableOf(resolved),
    queues: queuesOf(resolved),
  };
}

/** The template of the product, whose code needs no bucket here. */
export async function productTemplate(): Promise<Template> {
  return serviceTemplate(await loadOperations(), {
    code: (name) => ({ S3Bucket: 'local', S3Key: `${name}.zip` }),
    deployments: newDeployment('ApiGatewayDeployment'),
  });
}
