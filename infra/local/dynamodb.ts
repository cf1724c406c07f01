import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Faults } from './aws/faults.ts';
import { close, listen } from './servers.ts';

export interface LocalDynamoDb {
  readonly url: string;
  /** Empties the table. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface LocalDynamoDbOptions {
  readonly tableName: string;
  readonly region: string;
  /** Faults of DynamoDB's own operations, such as `UpdateItem`. */
  readonly faults: Faults;
  /** Folder that keeps the data; in memory without it. */
  readonly path?: string;
}

/** DynamoDB over its real protocol, with the product's table. */
export async function startDynamoDb(options: LocalDynamoDbOptions): Promise<LocalDynamoDb> {
  const { tableName, region, faults, path } = options;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path === undefined ? {} : { path }) });
  const [serve] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    void serveWithFaults(request, response, faults, () => {
      serve?.call(server, request, response);
      // dynalite throws when a client goes away in the middle of a request, and would end the process.
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
    async reset() {
      // Item by item: requests that are under way find the table all the time.
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
      await Promise.all(Items.map((item) => deleteItem(client, tableName, item)));
    },
    async close() {
      client.destroy();
      await close(server);
    },
  };
}

async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  if ((await tableStatus(client, tableName)) === undefined) {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  await until(async () => (await tableStatus(client, tableName)) === 'ACTIVE');
}

/** Undefined when there is no such table. */
async function tableStatus(client: DynamoDBClient, tableName: string): Promise<string | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function deleteItem(
  client: DynamoDBClient,
  tableName: string,
  { pk }: Record<string, AttributeValue>,
): Promise<void> {
  if (pk !== undefined) await client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk } }));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
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
  if (fault?.error === undefined) serve();
  else if (fault.error === 'connection-reset') response.destroy();
  else fail(request, response, fault.error);
}

function fail(request: IncomingMessage, response: ServerResponse, error: string): void {
  const body =
    error === 'malformed'
      ? 'not JSON'
      : JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}`, message: 'A fault put there' });
  const status = error === 'malformed' ? 200 : error === 'InternalServerError' ? 500 : 400;
  request.resume();
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
