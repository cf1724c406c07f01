import {
  type TableItem,
  type TableRights,
  tableIndexes,
  tableItems,
  type UserAttribute,
} from '../../shared/contract/table.ts';
import type { DeploymentNames } from '../template/resource-names.ts';
import type { Statement } from './policy-document.ts';

/** Whether a function may do anything with the table. */
export const usesTable = (rights: TableRights): boolean => Object.keys(rights).length > 0;

/**
 * The statements that grant exactly these rights. They limit items by the prefix of their key and, where a function
 * needs only some attributes, name those. No function scans the table or deletes from it.
 * Source: "Using IAM policy conditions for fine-grained access control", DynamoDB developer guide.
 */
export function tableStatements(rights: TableRights, names: DeploymentNames): readonly Statement[] {
  const { lease, guard, codes, requests, recovery } = rights;
  const table = tableArn(names);
  return [
    lease && allow('ChangeUnderLease', 'UpdateItem', table, 'user', leaseAttributes(lease)),
    guard && readGuards(table),
    codes && allow('CountCodes', 'UpdateItem', table, 'codes', ['submissions', 'ttl']),
    requests && allow('CountRequests', 'UpdateItem', table, 'requests', ['count', 'ttl']),
    recovery?.includes('get') && allow('ReadRecoveries', 'GetItem', table, 'recovery'),
    recovery?.includes('put') && allow('WriteRecoveries', 'PutItem', table, 'recovery'),
    recovery && findRecoveries(recovery, table),
  ].filter((statement) => typeof statement === 'object');
}

/** With a guard, an item is in the index by which guards are found. */
const leaseAttributes = (written: readonly UserAttribute[]): readonly string[] => [
  ...['holder', 'heldUntil', 'ttl', ...written],
  ...(written.includes('guard') ? [tableIndexes.byDue.partition, tableIndexes.byDue.sort] : []),
];

/** `Select` refuses a request that names no attributes, which would return all of them. */
function readGuards(table: string): Statement {
  const statement = allow('ReadGuards', 'GetItem', table, 'user', ['guard']);
  const StringEqualsIfExists = { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' };
  return { ...statement, Condition: { ...statement.Condition, StringEqualsIfExists } };
}

/** What `LeadingKeys` means on a global index is not documented, so only the index limits a query. */
function findRecoveries(rights: NonNullable<TableRights['recovery']>, table: string): Statement | undefined {
  const indexes = rights.filter((right) => right !== 'get' && right !== 'put');
  if (indexes.length === 0) return undefined;
  const Resource = indexes.map((index) => `${table}/index/${index}`);
  return { Sid: 'FindRecoveries', Effect: 'Allow', Action: 'dynamodb:Query', Resource };
}

/**
 * Without `attributes`, a request may name any. They limit what it names, not what it returns: `ALL_NEW` shows the
 * whole item. `Null` is needed because `ForAllValues` is true of no values.
 */
function allow(
  Sid: string,
  action: 'GetItem' | 'PutItem' | 'UpdateItem',
  Resource: string,
  item: TableItem,
  attributes?: readonly string[],
): Statement {
  return {
    Sid,
    Effect: 'Allow',
    Action: `dynamodb:${action}`,
    Resource,
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${tableItems[item]}*`] },
      ...(attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', ...attributes] } }),
      Null: { 'dynamodb:LeadingKeys': 'false', ...(attributes && { 'dynamodb:Attributes': 'false' }) },
    },
  };
}

const tableArn = ({ partition, region, accountId, tableName }: DeploymentNames): string =>
  `arn:${partition}:dynamodb:${region}:${accountId}:table/${tableName}`;
