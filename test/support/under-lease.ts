import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ChangeLease, HeldLease } from '../../shared/lease/ports.ts';
import { tableName } from './deployed.ts';
import type { Api } from './e2e.ts';
import { freshFunction } from './fresh-function.ts';
import { adminVariables, userKeys } from './stack.ts';

const leases = new Map<string, Promise<(userId: string) => ChangeLease>>();

/** Reads or changes a user's state in the table through the product's own adapter. */
export async function underLease<T>(
  { stack }: Pick<Api, 'stack'>,
  userName: string,
  change: (lease: HeldLease) => Promise<T>,
): Promise<T> {
  const { dynamoUrl } = stack;
  const opening = leases.get(dynamoUrl) ?? openLeases(stack);
  leases.set(dynamoUrl, opening);
  const leaseOf = await opening;
  return leaseOf(stack.account.users.get(userName).userId).run(change);
}

/** Whether anybody holds a user's lease: reading it gets in nobody's way. */
export async function isLeased({ stack }: Pick<Api, 'stack'>, userName: string): Promise<boolean> {
  const { accessKeyId, secretAccessKey } = userKeys('admin');
  const credentials = { accessKeyId, secretAccessKey };
  const client = new DynamoDBClient({ endpoint: stack.dynamoUrl, region: 'us-east-1', credentials });
  const Key = { pk: { S: `user#${stack.account.users.get(userName).userId}` } };
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key }));
  client.destroy();
  return Item?.['holder'] !== undefined;
}

async function openLeases({ dynamoUrl, clock }: Api['stack']) {
  const variables = {
    ...adminVariables(),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    TABLE_NAME: tableName,
  };
  await freshFunction(variables, clock.now);
  const { changeLease } = await import('../../shared/aws/table/change-lease.ts');
  const { tableSettings } = await import('../../shared/config/table.ts');
  tableSettings();
  return (userId: string) =>
    changeLease({ caller: { userId }, signal: AbortSignal.timeout(10_000), remainingMillis: 10_000 });
}
