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
  ResourceNotFoundException,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { tableIndexes } from '../shared/contract/table.ts';
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
  readonly tableName: string;
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
  const { tableName, region, path } = options;
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
  await createTable(client, tableName);
  return {
    url,
    items: () => scan(client, tableName),
    async reset() {
      // Item by item, so that the table exists for requests in flight.
      const items = await scan(client, tableName);
      await Promise.all(items.map((item) => deleteItem(client, tableName, item)));
    },
    async close() {
      client.destroy();
      await close(server);
    },
  };
}

const indexAttributes = new Set(
  Object.values(tableIndexes).flatMap(({ partition, sort }) => [partition, sort]),
);

/** Recreates a table saved by an older version, which had no recoveries and so no indexes. */
async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const existing = await describeTable(client, tableName);
  if (existing !== undefined && !hasIndexes(existing)) {
    await client.send(new DeleteTableCommand({ TableName: tableName }));
    await until(async () => (await describeTable(client, tableName)) === undefined);
  }
  if (existing === undefined || !hasIndexes(existing)) await client.send(createCommand(tableName));
  await until(async () => (await describeTable(client, tableName))?.TableStatus === 'ACTIVE');
}

function hasIndexes({ GlobalSecondaryIndexes = [] }: TableDescription): boolean {
  const names = new Set(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
  return Object.keys(tableIndexes).every((name) => names.has(name));
}

function createCommand(tableName: string): CreateTableCommand {
  return new CreateTableCommand({
    TableName: tableName,
    AttributeDefinitions: ['pk', ...indexAttributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: Object.entries(tableIndexes).map(([IndexName, { partition, sort }]) => ({
      IndexName,
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    })),
    BillingMode: 'PAY_PER_REQUEST',
  });
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

async function scan(client: DynamoDBClient, tableName: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const command = new ScanCommand({ TableName: tableName, ...(from && { ExclusiveStartKey: from }) });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    items.push(...Items);
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

async function deleteItem(client: DynamoDBClient, tableName: string, { pk }: Item): Promise<void> {
  if (pk !== undefined) await client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk } }));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

interface Serving extends Pick<LocalDynamoDbOptions, 'faults' | 'account'> {
  /** Of the local AWS itself, to which no policy applies. */
  readonly isOwn: boolean;
  readonly serve: (request: Readable) => void;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { faults, account, isOwn, serve }: Serving,
): Promise<void> {
  try {
    const body = await readBody(request);
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const judge = isOwn || account === undefined ? undefined : judgeOf(request, body, account);
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
function judgeOf(request: IncomingMessage, body: Buffer, account: Account): (operation: string) => void {
  const call = callOf(request, authenticate(request, body, 'dynamodb', account), account);
  return (operation) => authorize(tablePermissions(operation, readJson(body), call), call);
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
