import {
  type AttributeValue,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { tableSettings } from '../../config/table.ts';
import { awsCall } from '../aws-call.ts';
import { connectAtInit } from '../connect-at-init.ts';
import { onceClient } from '../once-client.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What an update changes, on which condition, and which attributes it returns. */
export type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** A number as an attribute. */
export const number = (value: number): AttributeValue => ({ N: String(value) });

export const tableClient = onceClient(DynamoDBClient);
connectAtInit(tableClient, UpdateItemCommand);

/** Addresses one item of the table. */
export const tableItem = (pk: string) => ({
  TableName: tableSettings().TABLE_NAME,
  Key: { pk: { S: pk } },
});

/**
 * Updates one item of the table and returns the attributes requested.
 * @param refused makes the error for an item that does not meet the condition
 */
export async function updateItem(
  pk: string,
  change: Change,
  signal: AbortSignal,
  refused: (cause: unknown) => Error,
): Promise<Attributes> {
  const command = new UpdateItemCommand({ ...tableItem(pk), ...change });
  const { Attributes = {} } = await awsCall(() => tableClient().send(command, { abortSignal: signal }), {
    ConditionalCheckFailed: (cause) => {
      throw refused(cause);
    },
  });
  return Attributes;
}
