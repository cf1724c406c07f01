import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableSettings } from '../../config/table.ts';
import { dueWork, tableIndexes, tableItems } from '../../contract/table.ts';
import type { ListedGuard } from '../../recoveries/execution/reconcile-ports.ts';
import { awsCall } from '../aws-call.ts';
import { tableClient } from './table.ts';

/** All guards in users' items, by the index that they are in while there is one. */
export async function listGuards(abortSignal: AbortSignal): Promise<readonly ListedGuard[]> {
  const guards: ListedGuard[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const command = new QueryCommand({ ...query(), ExclusiveStartKey });
    const { Items = [], LastEvaluatedKey } = await awsCall(() =>
      tableClient().send(command, { abortSignal }),
    );
    guards.push(...Items.map(guardIn));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return guards;
}

const query = () => ({
  TableName: tableSettings().TABLE_NAME,
  IndexName: 'byDue',
  KeyConditionExpression: '#work = :guard',
  ProjectionExpression: 'pk, #dueAt',
  ExpressionAttributeNames: { '#work': tableIndexes.byDue.partition, '#dueAt': tableIndexes.byDue.sort },
  ExpressionAttributeValues: { ':guard': { S: dueWork.guard } },
});

const guardIn = ({ pk, dueAt }: Record<string, AttributeValue>): ListedGuard => ({
  userId: (pk?.S ?? '').slice(tableItems.user.length),
  checkAfter: Date.parse(dueAt?.S ?? ''),
});
