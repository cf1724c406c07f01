import {
  type AttributeValue,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { deploymentSettings } from '../../config/deployment.ts';
import { awsCall } from '../aws-call.ts';
import { onceClient } from '../once-client.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What an update changes, on which condition, and what of the item it answers. */
export type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** A number as the table keeps it. */
export const number = (value: number): AttributeValue => ({ N: String(value) });

/** The table's client, one for all that a function reads and writes. */
export const tableClient = onceClient(DynamoDBClient);

/** The table and the key of one of its items. */
export const tableItem = (pk: string) => ({
  TableName: deploymentSettings().TABLE_NAME,
  Key: { pk: { S: pk } },
});

/**
 * Updates one item of the table; answers the attributes that were asked for.
 * @param refused the error for an item that the condition does not hold for
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
