import type { Operation } from '../../shared/contract/operation.ts';
import { gatewayResponseResources } from '../gateway-responses.ts';
import { selfServicePolicy } from '../managed-policies.ts';
import { loadOperations } from '../operations.ts';
import type { Statement } from '../policy-document.ts';
import { resourcePolicy } from '../resource-policy.ts';
import { deviceRole, functionRole, type Role, service } from '../roles.ts';

/** What serverless.yml says and the template's parts depend on. */
export interface TemplateSettings {
  readonly stage: string;
  /** Seconds that a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
}

const placeholder = (name: string) => `\${${name}}`;

/** CloudFormation's own names for what is known only when it deploys. */
const placeholders = {
  partition: placeholder('AWS::Partition'),
  region: placeholder('AWS::Region'),
  accountId: placeholder('AWS::AccountId'),
  apiId: placeholder('ApiGatewayRestApi'),
  tableName: placeholder('Table'),
};

/** The statements of the REST API's resource policy. */
export async function resourcePolicyStatements(settings: TemplateSettings): Promise<readonly Statement[]> {
  const { Statement: statements } = resourcePolicy(await loadOperations(), settings);
  return [statements].flat();
}

/** The resources that follow from the contracts, by logical id. */
export async function resources(settings: TemplateSettings): Promise<Readonly<Record<string, unknown>>> {
  const operations = await loadOperations();
  const names = { ...placeholders, stage: settings.stage };
  const functionRoles = operations.map(
    (operation) => [roleLogicalId(operation), roleResource(functionRole(operation, names))] as const,
  );
  return {
    ...Object.fromEntries(functionRoles),
    DeviceRole: roleResource(deviceRole(operations, names)),
    SelfServicePolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: `${service}-${settings.stage}-SelfService`,
        Description: 'Lets IAM users look after their own MFA devices through the API.',
        PolicyDocument: withSub(selfServicePolicy(operations, names)),
      },
    },
    ...gatewayResponseResources(settings),
  };
}

/** The logical id of the role of an operation's function. */
export function roleLogicalId({ name }: Operation): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Role`;
}

function roleResource(role: Role): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Path: role.path,
      RoleName: role.name,
      AssumeRolePolicyDocument: withSub(role.trustPolicy),
      Policies: [{ PolicyName: role.policyName, PolicyDocument: withSub(role.policy) }],
      MaxSessionDuration: role.maxSessionDuration,
    },
  };
}

/** Wraps each string with a placeholder in `Fn::Sub`, and keeps IAM's own variables from it. */
export function withSub(value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('${') ? { 'Fn::Sub': escapeIamVariables(value) } : value;
  if (Array.isArray(value)) return value.map(withSub);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSub(member)]));
}

/** `${aws:username}` is IAM's, `${AWS::Region}` and `${Table}` are CloudFormation's. */
function escapeIamVariables(text: string): string {
  return text.replaceAll(/\$\{(?!AWS::|[A-Za-z0-9]+\})/g, '${!');
}
