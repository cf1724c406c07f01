import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { assumedRoles } from '../policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../policies/function-roles.ts';
import type { Role, Statement } from '../policies/policy-document.ts';
import { usesTable } from '../policies/table-rights.ts';
import { placeholder, placeholders, withSub } from './placeholders.ts';
import { pascalCase } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

/** The functions' own roles and those that they assume, by logical id. */
export function roleResources(
  operations: readonly Operation[],
  settings: TemplateSettings,
): Readonly<Record<string, object>> {
  const { stage, noticeSender } = settings;
  const names = { ...placeholders, stage, noticeSender };
  const roleOf = (name: string, role: Role, needsKey: boolean) =>
    [roleLogicalId({ name }), roleResource(role, needsKey ? tableKeyPolicies(settings) : [])] as const;
  const ofOperations = operations.map((operation) =>
    roleOf(operation.name, functionRole(operation, names), usesTable(operation.table)),
  );
  const ofBackground = backgroundFunctions.map((background) =>
    roleOf(background.name, backgroundRole(background, names), usesTable(background.table)),
  );
  const assumed = Object.entries(assumedRoles(operations, names)).map(([work, role]) =>
    roleOf(work, role, false),
  );
  return Object.fromEntries([...ofOperations, ...ofBackground, ...assumed]);
}

/** The logical id of a function's role. */
export const roleLogicalId = ({ name }: Pick<Operation, 'name'>): string => `${pascalCase(name)}Role`;

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

/** DynamoDB uses a customer managed key with its caller's permissions; they hold only through DynamoDB. */
function tableKeyPolicies({ tableKmsKeyArn }: TemplateSettings): readonly object[] {
  if (tableKmsKeyArn === undefined) return [];
  const statement: Statement = {
    Sid: 'UseTableKey',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    Resource: tableKmsKeyArn,
    // In the China Regions the service name has their own domain.
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
