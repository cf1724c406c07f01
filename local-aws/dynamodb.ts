import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type KeySchemaElement,
  ResourceNotFoundException,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Account } from './aws/account.ts';
import { authorize } from './aws/authorize.ts';
import { AwsError } from './aws/aws-error.ts';
import { authenticate, callOf } from './aws/caller.ts';
import type { Faults } from './aws/faults.ts';
import { newAccessKeyId } from './aws/ids.ts';
import { readJson } from './aws/json-input.ts';
import { named } from './aws/protocols/json-errors.ts';
import { readBody } from './aws/receive.ts';
import { tablePermissions } from './aws/services/dynamodb.ts';
import { type DeployedTable, partitionKeyOf } from './cloudformation/dynamodb.ts';
import { closeIterators } from './dynalite-iterators.ts';
import { close, listen } from './servers.ts';

type Item = Readonly<Record<string, AttributeValue>>;

export interface LocalDynamoDb {
  readonly url: string;
  /** All items of the table. */
  items(): Promise<readonly Item[]>;
  /** Empties the table. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface LocalDynamoDbOptions {
  readonly table: DeployedTable;
  readonly region: string;
  /** Faults of DynamoDB's own operations, such as `UpdateItem`. */
  readonly faults: Faults;
  /** Whose policies requests are judged by; without it, everyone may do everything. */
  readonly account?: Account;
  /** Folder of the data; without it, data is kept in memory. */
  readonly path?: string;
}

/** A DynamoDB server with the product's table. */
export async function startDynamoDb(options: LocalDynamoDbOptions): Promise<LocalDynamoDb> {
  const { table, region, path } = options;
  closeIterators();
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path === undefined ? {} : { path }) });
  const [serve] = server.listeners('request');
  server.removeAllListeners('request');
  const ownKeyId = newAccessKeyId('AKIA');
  server.on('request', (request, response) => {
    const isOwn = request.headers.authorization?.includes(`Credential=${ownKeyId}/`) === true;
    void answer(request, response, {
      ...options,
      isOwn,
      serve: (copy) => serve?.call(server, copy, response),
    });
  });
  const url = await listen(server, 0);
  const credentials = { accessKeyId: ownKeyId, secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  await createTable(client, table);
  return {
    url,
    items: () => scan(client, table),
    async reset() {
      // Item by item, so that the table exists for requests in flight.
      const items = await scan(client, table);
      await Promise.all(items.map((item) => deleteItem(client, table, item)));
    },
    async close() {
      client.destroy();
      await close(server);
    },
  };
}

/** Recreates a table that was saved by an older version with other keys or indexes. */
async function createTable(client: DynamoDBClient, table: DeployedTable): Promise<void> {
  const { TableName } = table;
  const existing = await describeTable(client, TableName);
  const isCurrent = existing !== undefined && keysOf(existing) === keysOf(table);
  if (existing !== undefined && !isCurrent) {
    await client.send(new DeleteTableCommand({ TableName }));
    await until(async () => (await describeTable(client, TableName)) === undefined);
  }
  if (!isCurrent) await client.send(new CreateTableCommand(table));
  await until(async () => (await describeTable(client, TableName))?.TableStatus === 'ACTIVE');
}

/** The keys of a table and its indexes, to compare. */
function keysOf({
  KeySchema = [],
  GlobalSecondaryIndexes = [],
}: Pick<TableDescription, 'KeySchema'> & {
  readonly GlobalSecondaryIndexes?: readonly GlobalSecondaryIndexDescription[] | undefined;
}): string {
  const keyOf = (schema: readonly KeySchemaElement[]) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join();
  const indexes = GlobalSecondaryIndexes.map(
    ({ IndexName, KeySchema: schema = [] }) => `${IndexName}: ${keyOf(schema)}`,
  );
  return [keyOf(KeySchema), ...indexes.sort()].join('; ');
}

/** Undefined if the table does not exist. */
async function describeTable(
  client: DynamoDBClient,
  tableName: string,
): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function scan(client: DynamoDBClient, { TableName }: DeployedTable): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const command = new ScanCommand({ TableName, ...(from && { ExclusiveStartKey: from }) });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    items.push(...Items);
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

async function deleteItem(
  client: DynamoDBClient,
  { TableName, KeySchema }: DeployedTable,
  item: Item,
): Promise<void> {
  const Key = Object.fromEntries(
    KeySchema.flatMap(({ AttributeName }) => {
      const value = item[AttributeName];
      return value === undefined ? [] : [[AttributeName, value]];
    }),
  );
  await client.send(new DeleteItemCommand({ TableName, Key }));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

interface Serving extends Pick<LocalDynamoDbOptions, 'faults' | 'account' | 'table'> {
  /** Of the local AWS itself, to which no policy applies. */
  readonly isOwn: boolean;
  readonly serve: (request: Readable) => void;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { faults, account, table, isOwn, serve }: Serving,
): Promise<void> {
  try {
    const body = await readBody(request);
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const judge = isOwn || account === undefined ? undefined : judgeOf(request, body, account, table);
    if (!isOwn && (await inject(operation, response, faults))) return;
    judge?.(operation);
    serve(copyOf(request, body));
  } catch (error) {
    if (error instanceof AwsError) refuse(response, named(error));
    // A client that has disconnected cannot be answered.
    else if (!request.destroyed || request.complete) throw error;
  }
}

/** Throws AWS's error: at once if nobody known signed the request, and when called if they may not do it. */
function judgeOf(
  request: IncomingMessage,
  body: Buffer,
  account: Account,
  table: DeployedTable,
): (operation: string) => void {
  const call = callOf(request, authenticate(request, body, 'dynamodb', account), account);
  const keyOf = (indexName?: string) => partitionKeyOf(table, indexName);
  return (operation) => authorize(tablePermissions(operation, readJson(body), call, keyOf), call);
}

/** The body can be read only once. */
const copyOf = ({ method, url, headers }: IncomingMessage, body: Buffer): Readable =>
  Object.assign(Readable.from([body]), { method, url, headers });

/** Delays or fails the request; true if that ends it. */
async function inject(operation: string, response: ServerResponse, faults: Faults): Promise<boolean> {
  const fault = faults.take(operation);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.error === undefined) return false;
  const { error: code } = fault;
  if (code === 'lost-answer') {
    loseAnswer(response);
    return false;
  }
  if (code === 'connection-reset') response.destroy();
  else if (code === 'malformed') reply(response, 200, 'not JSON');
  else
    refuse(response, { code, message: 'Injected fault', status: code === 'InternalServerError' ? 500 : 400 });
  return true;
}

/** dynalite answers by one call of `end`, once the change is made. */
function loseAnswer(response: ServerResponse): void {
  response.end = () => response.destroy();
}

/** DynamoDB answers refusals with 400 too. */
function refuse(response: ServerResponse, { code, message, status }: Refusal): void {
  const __type = `com.amazonaws.dynamodb.v20120810#${code}`;
  reply(response, status === 403 ? 400 : status, JSON.stringify({ __type, message }));
}

type Refusal = Pick<AwsError, 'code' | 'message' | 'status'>;

const reply = (response: ServerResponse, status: number, body: string) =>
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
