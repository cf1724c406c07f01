import * as z from 'zod';
import { parseInput } from '../json-input.ts';
import type { Call, Permission } from '../operation.ts';

/** The partition key of the table, or of the index if one is named and exists. */
export type PartitionKeyOf = (indexName?: string) => string;

const members = z.record(z.string(), z.unknown()).nullish();
const text = z.string().nullish();

/** The members of requests that policies see. */
const schema = z.object({
  TableName: text,
  IndexName: text,
  RequestItems: members,
  Key: members,
  Item: members,
  ExclusiveStartKey: members,
  ProjectionExpression: text,
  UpdateExpression: text,
  ConditionExpression: text,
  KeyConditionExpression: text,
  FilterExpression: text,
  ExpressionAttributeNames: z.record(z.string(), z.string()).nullish(),
  ExpressionAttributeValues: members,
  // Of older SDKs.
  AttributesToGet: z.array(z.string()).nullish(),
  AttributeUpdates: members,
  Expected: members,
  KeyConditions: members,
  QueryFilter: members,
  ScanFilter: members,
  Select: text,
  ReturnValues: text,
});

type Input = z.output<typeof schema>;

const reading: ReadonlySet<string> = new Set(['GetItem', 'Query', 'Scan']);
const writing: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/**
 * What a request to DynamoDB needs, with the condition keys of one for items.
 * Source: "Using IAM policy conditions for fine-grained access control", DynamoDB developer guide.
 * @param operation for example `GetItem`
 * @param body the parsed JSON
 */
export function tablePermissions(
  operation: string,
  body: unknown,
  call: Call,
  partitionKeyOf: PartitionKeyOf,
): readonly Permission[] {
  const input = parseInput(schema, body);
  const { TableName, RequestItems } = input;
  const tables = RequestItems ? Object.keys(RequestItems) : TableName == null ? [] : [TableName];
  const action = `dynamodb:${operation}`;
  if (tables.length === 0) return [{ action, resource: '*' }];
  const index = input.IndexName == null ? '' : `/index/${input.IndexName}`;
  return tables.map((table) => ({
    action,
    resource: `${tableArn(table, call)}${index}`,
    context: contextOf(operation, input, partitionKeyOf(input.IndexName ?? undefined)),
  }));
}

/** Requests may name a table by its ARN too. */
const tableArn = (table: string, { account: { region, accountId } }: Call): string =>
  table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;

function contextOf(
  operation: string,
  input: Input,
  partitionKey: string,
): NonNullable<Permission['context']> {
  if (!reading.has(operation) && !writing.has(operation)) return {};
  return {
    'dynamodb:LeadingKeys': leadingKeys(input, partitionKey),
    'dynamodb:Attributes': [...new Set(attributesIn(input))],
    ...(reading.has(operation) && { 'dynamodb:Select': selectOf(input) }),
    ...(writing.has(operation) && { 'dynamodb:ReturnValues': input.ReturnValues ?? 'NONE' }),
  };
}

/** The value of the partition key: of the table, or of the index queried, which AWS does not document. */
function leadingKeys(input: Input, key: string): readonly string[] {
  const given = (input.Item ?? input.Key)?.[key];
  const values = given === undefined ? queriedValues(key, input) : [given];
  return values.flatMap((value) => Object.values(Object(value)).map(String));
}

function queriedValues(key: string, { KeyConditionExpression, KeyConditions, ...input }: Input): unknown[] {
  const equalities = (KeyConditionExpression ?? '').matchAll(/([#\w]+)\s*=\s*(:\w+)/g);
  const values = [...equalities]
    .filter(([, name = '']) => resolve(name, input) === key)
    .map(([, , placeholder = '']) => input.ExpressionAttributeValues?.[placeholder]);
  const { AttributeValueList = [] } = Object(KeyConditions?.[key]);
  return [...values, ...AttributeValueList];
}

/** The top-level attributes that a request names, wherever it does. */
function attributesIn(input: Input): readonly string[] {
  const { Key, Item, ExclusiveStartKey, AttributeUpdates, Expected } = input;
  const { KeyConditions, QueryFilter, ScanFilter, AttributesToGet } = input;
  const named = [Key, Item, ExclusiveStartKey, AttributeUpdates, Expected, KeyConditions, QueryFilter];
  const expressions = [
    input.ProjectionExpression,
    input.UpdateExpression,
    input.ConditionExpression,
    input.KeyConditionExpression,
    input.FilterExpression,
  ];
  return [
    ...[...named, ScanFilter].flatMap((map) => Object.keys(map ?? {})),
    ...(AttributesToGet ?? []),
    ...expressions.flatMap((expression) => namesIn(expression ?? '', input)),
  ];
}

const keywords: ReadonlySet<string> = new Set('SET REMOVE ADD DELETE AND OR NOT BETWEEN IN'.split(' '));

/** A value's placeholder, or a document path (whose first part is the attribute) and what makes it a function. */
const token = /:\w+|(#?\w+)(?:\[\d+\]|\.#?\w+)*(\s*\()?/g;

function namesIn(expression: string, input: Pick<Input, 'ExpressionAttributeNames'>): readonly string[] {
  return [...expression.matchAll(token)].flatMap(([, name, call]) =>
    name === undefined || call !== undefined || keywords.has(name.toUpperCase())
      ? []
      : [resolve(name, input)],
  );
}

const resolve = (name: string, { ExpressionAttributeNames }: Pick<Input, 'ExpressionAttributeNames'>) =>
  ExpressionAttributeNames?.[name] ?? name;

function selectOf({ Select, ProjectionExpression, AttributesToGet, IndexName }: Input): string {
  if (Select != null) return Select;
  if (ProjectionExpression != null || AttributesToGet != null) return 'SPECIFIC_ATTRIBUTES';
  return IndexName == null ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}
