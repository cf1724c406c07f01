import type { Operation } from '../../shared/contract/operation.ts';
import { gatewayResponseResources } from '../gateway-responses.ts';
import { selfServicePolicy } from '../managed-policies.ts';
import { loadOperations } from '../operations.ts';
import type { Statement } from '../policy-document.ts';
import { resourcePolicy } from '../resource-policy.ts';
import {
  deviceRole,
  functionRole,
  maintenanceRole,
  type Role,
  scheduledFunctionRole,
  service,
} from '../roles.ts';
import { scheduledFunctions } from '../scheduled.ts';
import { cursorSecret } from './cursor-secret.ts';
import type { TemplateSettings } from './settings.ts';

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
  const functionRoles = operations.map((operation) => {
    const more = operation.lease ? tableKeyPolicies(settings) : [];
    return [roleLogicalId(operation), roleResource(functionRole(operation, names), more)] as const;
  });
  const scheduledRoles = scheduledFunctions.map((scheduled) => {
    const role = roleResource(scheduledFunctionRole(scheduled, names), tableKeyPolicies(settings));
    return [roleLogicalId(scheduled), role] as const;
  });
  return {
    ...Object.fromEntries([...functionRoles, ...scheduledRoles]),
    MaintenanceRole: roleResource(maintenanceRole(names)),
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
    ...cursorSecret(settings),
  };
}

/** The logical id of a function's role. */
export function roleLogicalId({ name }: Pick<Operation, 'name'>): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Role`;
}

function roleResource(role: Role, morePolicies: readonly object[] = []): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Path: role.path,
      RoleName: role.name,
      AssumeRolePolicyDocument: withSub(role.trustPolicy),
      Policies: [{ PolicyName: role.policyName, PolicyDocument: withSub(role.policy) }, ...morePolicies],
      MaxSessionDuration: role.maxSessionDuration,
    },
  };
}

/** With a key of the customer, DynamoDB uses it in the name of whoever calls; elsewhere the key stays out of reach. */
function tableKeyPolicies({ tableKmsKeyArn }: TemplateSettings): readonly object[] {
  if (tableKmsKeyArn === undefined) return [];
  const statement: Statement = {
    Sid: 'UseTableKey',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    Resource: tableKmsKeyArn,
    // In China the service has the Region's own domain.
    Condition: {
      StringEquals: {
        'kms:ViaService': ['amazonaws.com', placeholder('AWS::URLSuffix')].map(
          (domain) => `dynamodb.${placeholders.region}.${domain}`,
        ),
      },
    },
  };
  return [
    { PolicyName: 'table-key', PolicyDocument: withSub({ Version: '2012-10-17', Statement: [statement] }) },
  ];
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
