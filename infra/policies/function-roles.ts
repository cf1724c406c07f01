import type { AssumedRole, BackgroundFunction } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TableRights } from '../../shared/contract/table.ts';
import {
  type DeploymentNames,
  functionName,
  functionRoleName,
  functionRolePath,
  pascalCase,
} from '../template/resource-names.ts';
import { assumedRoleArn, assumedRoleOf } from './assumed-roles.ts';
import { grants, type RoleNames } from './function-permissions.ts';
import type { PolicyDocument, Role, Statement } from './policy-document.ts';
import { tableStatements } from './table-rights.ts';

/** The role of an operation's function: it may assume the role for its work, log, trace, and use the table. */
export const functionRole = (operation: Operation, names: RoleNames): Role =>
  lambdaRole(operation.name, names, assumedRoleOf(operation), operation.table);

/** The role of a function that no route reaches. */
export const backgroundRole = ({ name, assumes, table }: BackgroundFunction, names: RoleNames): Role =>
  lambdaRole(name, names, assumes, table);

function lambdaRole(name: string, names: RoleNames, work: AssumedRole | undefined, table: TableRights): Role {
  return {
    path: functionRolePath(names.stage),
    name: functionRoleName(names.stage, name),
    trustPolicy: policyDocument({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    policyName: 'function',
    policy: policyDocument(
      ...(work === undefined ? [] : [assumeRole(work, names)]),
      ...tableStatements(table, names),
      ...grants(name, names),
      writeLogs(name, names),
      trace,
    ),
    maxSessionDuration: 3600,
  };
}

function assumeRole(work: AssumedRole, names: DeploymentNames): Statement {
  const Sid = `Assume${pascalCase(work)}Role`;
  const Action = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  return { Sid, Effect: 'Allow', Action, Resource: assumedRoleArn(names, work) };
}

function writeLogs(name: string, { partition, region, accountId, stage }: DeploymentNames): Statement {
  const group = `/aws/lambda/${functionName(stage, name)}`;
  return {
    Sid: 'WriteLogs',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:*`,
  };
}

/** X-Ray has no resource-level permissions. */
const trace: Statement = {
  Sid: 'Trace',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

const policyDocument = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
