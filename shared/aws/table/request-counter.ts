import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableItems } from '../../contract/table.ts';
import { clock } from '../../lib/clock.ts';
import type { RequestCounter } from '../../recoveries/ports.ts';
import { awsCall } from '../aws-call.ts';
import { number, tableClient, tableItem } from './table.ts';

const daySeconds = 86_400;

/** Counters of recovery requests, one item per requester and day (UTC), which DynamoDB deletes afterwards. */
export const requestCounter = ({ signal }: { readonly signal: AbortSignal }): RequestCounter => ({
  count: async (who, most) => {
    const now = clock.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const command = new UpdateItemCommand({
      ...tableItem(`${tableItems.requests}${who}#${day}`),
      UpdateExpression: 'SET #ttl = :ttl ADD #count :one',
      ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#count': 'count' },
      ExpressionAttributeValues: {
        ':ttl': number(Math.floor(now / 1000) + 2 * daySeconds),
        ':one': number(1),
        ':most': number(most),
      },
    });
    return awsCall(
      async () => {
        await tableClient().send(command, { abortSignal: signal });
        return true;
      },
      { ConditionalCheckFailed: () => false },
    );
  },
});
