import type { IncomingMessage, ServerResponse } from 'node:http';
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
import type { Faults } from './aws/faults.ts';
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
  /** Folder of the data; without it, data is kept in memory. */
  readonly path?: string;
}

/** A DynamoDB server with the product's table. */
export async function startDynamoDb(options: LocalDynamoDbOptions): Promise<LocalDynamoDb> {
  const { tableName, region, faults, path } = options;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path === undefined ? {} : { path }) });
  const [serve] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    void serveWithFaults(request, response, faults, () => {
      serve?.call(server, request, response);
      // dynalite throws when a client disconnects during a request, which would end the process.
      request.removeAllListeners('error').on('error', () => response.destroy());
    });
  });
  const url = await listen(server, 0);
  const client = new DynamoDBClient({
    endpoint: url,
    region,
    // Nothing verifies these.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
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

async function serveWithFaults(
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
  serve: () => void,
): Promise<void> {
  const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
  const fault = faults.take(operation);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.error === 'lost-answer') loseAnswer(response);
  if (fault?.error === undefined || fault.error === 'lost-answer') serve();
  else if (fault.error === 'connection-reset') response.destroy();
  else fail(request, response, fault.error);
}

/** dynalite answers by one call of `end`, once the change is made. */
function loseAnswer(response: ServerResponse): void {
  response.end = () => response.destroy();
}

function fail(request: IncomingMessage, response: ServerResponse, error: string): void {
  const body =
    error === 'malformed'
      ? 'not JSON'
      : JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}`, message: 'Injected fault' });
  const status = error === 'malformed' ? 200 : error === 'InternalServerError' ? 500 : 400;
  request.resume();
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
