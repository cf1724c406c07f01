import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { tableItems } from '../../contract/table.ts';
import type { Guards } from '../../recoveries/ports.ts';
import { awsCall } from '../aws-call.ts';
import { tableClient, tableItem } from './table.ts';

/** Read access to the guards in users' items. */
export const guards = ({ signal }: { readonly signal: AbortSignal }): Guards => ({
  isGuarded: async (userId) => {
    const command = new GetItemCommand({
      ...tableItem(`${tableItems.user}${userId}`),
      ConsistentRead: true,
      ProjectionExpression: 'guard',
    });
    const { Item } = await awsCall(() => tableClient().send(command, { abortSignal: signal }));
    return Item?.['guard'] !== undefined;
  },
});
