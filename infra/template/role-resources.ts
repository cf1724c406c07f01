import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { assumedRoles } from '../policies/assumed-roles.ts';
import { sendMailSid } from '../policies/function-permissions.ts';
import { backgroundRole, functionRole } from '../policies/function-roles.ts';
import type { PolicyDocument, Role, Statement } from '../policies/policy-document.ts';
import { usesTable } from '../policies/table-rights.ts';
import { ifGiven } from './conditions.ts';
import { setting } from './parameters.ts';
import { noticeAddress, placeholder, placeholders } from './placeholders.ts';
import { pascalCase } from './resource-names.ts';

/** The functions' own roles and those that they assume, by logical id. */
export function roleResources(operations: readonly Operation[]): Readonly<Record<string, TemplateResource>> {
  const names = { ...placeholders, noticeSender: noticeAddress };
  const roleOf = (name: string, role: Role, needsKey: boolean) =>
    [roleLogicalId({ name }), roleResource(role, needsKey ? [tableKeyPolicy] : [])] as const;
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

function roleResource(role: Role, morePolicies: readonly object[]): TemplateResource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Path: role.path,
      RoleName: role.name,
      AssumeRolePolicyDocument: role.trustPolicy,
      Policies: [
        { PolicyName: role.policyName, PolicyDocument: withOptionalMail(role.policy) },
        ...morePolicies,
      ],
      MaxSessionDuration: role.maxSessionDuration,
      PermissionsBoundary: ifGiven('PermissionsBoundaryArn', setting('PermissionsBoundaryArn')),
    },
  };
}

/** Without a sender there is nothing to send as. */
function withOptionalMail(policy: PolicyDocument): object {
  const statements = [policy.Statement].flat();
  return {
    ...policy,
    Statement: statements.map((statement) =>
      statement.Sid === sendMailSid ? ifGiven('NoticeSender', statement) : statement,
    ),
  };
}

const useTableKey: Statement = {
  Sid: 'UseTableKey',
  Effect: 'Allow',
  Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
  Resource: setting('TableKmsKeyArn'),
  // In the China Regions the service name has their own domain.
  Condition: {
    StringEquals: {
      'kms:ViaService': ['amazonaws.com', placeholder('AWS::URLSuffix')].map(
        (domain) => `dynamodb.${placeholders.region}.${domain}`,
      ),
    },
  },
};

/** DynamoDB uses a customer managed key with its caller's permissions; they hold only through DynamoDB. */
const tableKeyPolicy = ifGiven('TableKmsKeyArn', {
  PolicyName: 'table-key',
  PolicyDocument: { Version: '2012-10-17', Statement: [useTableKey] },
});
