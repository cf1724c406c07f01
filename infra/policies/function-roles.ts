import type { AssumedRole, BackgroundFunction } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { type TableItem, tableIndexes, tableItems } from '../../shared/contract/table.ts';
import {
  type DeploymentNames,
  functionName,
  functionRoleName,
  functionRolePath,
} from '../template/resource-names.ts';
import { assumedRoleArn, isSelfService } from './assumed-roles.ts';
import { grants } from './function-permissions.ts';
import type { PolicyDocument, Role, Statement } from './policy-document.ts';

/** The role of an operation's function: it may assume the role for its work, log, trace, and use its table items. */
export function functionRole(operation: Operation, names: DeploymentNames): Role {
  const work = isSelfService(operation) ? 'device' : 'audit';
  // An operation without an audit line changes nothing, so it needs no write access.
  const { table, readsTable = [], audit } = operation;
  const items =
    audit === undefined ? { reads: [...table, ...readsTable] } : { uses: table, reads: readsTable };
  return lambdaRole(operation.name, names, operation.actions.length > 0 ? work : undefined, items);
}

/** The role of a function that no route reaches. */
export const backgroundRole = (
  { name, assumes, table, onlyReads = false }: BackgroundFunction,
  names: DeploymentNames,
): Role => lambdaRole(name, names, assumes, onlyReads ? { reads: table } : { uses: table });

interface Items {
  /** Reads and writes. */
  readonly uses?: readonly TableItem[];
  readonly reads?: readonly TableItem[];
}

function lambdaRole(name: string, names: DeploymentNames, work: AssumedRole | undefined, items: Items): Role {
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
      ...tableStatements(items, names),
      ...grants(name, names),
      writeLogs(name, names),
      trace,
    ),
    maxSessionDuration: 3600,
  };
}

function assumeRole(work: AssumedRole, names: DeploymentNames): Statement {
  const Sid = `Assume${work.charAt(0).toUpperCase()}${work.slice(1)}Role`;
  const Action = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  return { Sid, Effect: 'Allow', Action, Resource: assumedRoleArn(names, work) };
}

/** Limited to items by their key prefix; no function scans the table or deletes from it. */
function tableStatements({ uses = [], reads = [] }: Items, names: DeploymentNames): readonly Statement[] {
  const { partition, region, accountId, tableName } = names;
  const table = `arn:${partition}:dynamodb:${region}:${accountId}:table/${tableName}`;
  const allow = (Sid: string, Action: readonly string[], items: readonly TableItem[]): Statement[] => {
    if (items.length === 0) return [];
    const Condition = {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': items.map((item) => `${tableItems[item]}*`) },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    };
    return [{ Sid, Effect: 'Allow', Action, Resource: table, Condition }];
  };
  const own = [
    ...allow('UseItems', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], uses),
    ...allow('ReadItems', ['dynamodb:GetItem'], reads),
  ];
  if (![...uses, ...reads].includes('recovery')) return own;
  const indexes = Object.keys(tableIndexes).map((index) => `${table}/index/${index}`);
  return [...own, { Sid: 'FindRecoveries', Effect: 'Allow', Action: 'dynamodb:Query', Resource: indexes }];
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
