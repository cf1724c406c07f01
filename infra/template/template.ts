import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { assumedRoles } from '../policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../policies/function-roles.ts';
import type { Role, Statement } from '../policies/policy-document.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import { deadLetterResources } from './dead-letters.ts';
import { gatewayResponseResources } from './gateway-responses.ts';
import { policyResources } from './policies.ts';
import { cursorSecret, ticketingSecrets } from './secrets.ts';
import type { TemplateSettings } from './settings.ts';
import { placeholder, placeholders, withSub } from './sub.ts';
import { tableResource } from './table.ts';

/** The statements of the REST API's resource policy. */
export async function resourcePolicyStatements(settings: TemplateSettings): Promise<readonly Statement[]> {
  const { Statement: statements } = resourcePolicy(await loadOperations(), settings);
  return [statements].flat();
}

/** The resources that follow from the contracts, by logical id. */
export async function resources(settings: TemplateSettings): Promise<Readonly<Record<string, unknown>>> {
  const operations = await loadOperations();
  const names = { ...placeholders, stage: settings.stage };
  const roleOf = (name: string, role: Role, usesTable: boolean) =>
    [roleLogicalId({ name }), roleResource(role, usesTable ? tableKeyPolicies(settings) : [])] as const;
  const functionRoles = operations.map((operation) =>
    roleOf(operation.name, functionRole(operation, names), operation.table.length > 0),
  );
  const backgroundRoles = backgroundFunctions.map((background) =>
    roleOf(background.name, backgroundRole(background, names), background.table.length > 0),
  );
  const assumed = Object.entries(assumedRoles(operations, names)).map(
    ([work, role]) => [roleLogicalId({ name: work }), roleResource(role)] as const,
  );
  return {
    ...Object.fromEntries([...functionRoles, ...backgroundRoles, ...assumed]),
    Table: tableResource(),
    ...policyResources(operations, names),
    ...deadLetterResources(settings),
    ...gatewayResponseResources(settings),
    ...cursorSecret(settings),
    ...ticketingSecrets(settings),
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
