import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { tableSettings } from '../../config/table.ts';
import { dueWork, tableIndexes, tableItems } from '../../contract/table.ts';
import type { ListRequest, RecoveryList, RecoveryStore } from '../../recoveries/ports.ts';
import type { Recovery } from '../../recoveries/recovery.ts';
import { parseStoredRecovery, storedRecovery } from '../../recoveries/stored-recovery.ts';
import { awsCall } from '../aws-call.ts';
import { number, tableClient, tableItem } from './table.ts';

type Item = Readonly<Record<string, AttributeValue>>;
type ListIndex = Exclude<keyof typeof tableIndexes, 'byDue'>;

/** Seconds from the request until DynamoDB may delete a recovery: 400 days. */
const keptSeconds = 34_560_000;
/** Most due recoveries per sweep. */
const mostDue = 100;

/** The recoveries in the table: one item each, written whole by conditional writes. */
export function recoveryStore({ signal }: { readonly signal: AbortSignal }): RecoveryStore {
  const options = { abortSignal: signal };
  const read = async (id: string): Promise<Recovery | undefined> => {
    const command = new GetItemCommand({ ...tableItem(keyOf(id)), ConsistentRead: true });
    const { Item } = await awsCall(() => tableClient().send(command, options));
    return Item && recoveryIn(Item);
  };
  const write = (recovery: Recovery, condition: Partial<PutItemCommandInput>): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: tableSettings().TABLE_NAME,
      Item: itemOf(recovery),
      ...condition,
    });
    return awsCall(
      async () => {
        await tableClient().send(command, options);
        return true;
      },
      { ConditionalCheckFailed: async () => isWritten(recovery, await read(recovery.id)) },
    );
  };
  const list = async (index: ListIndex, value: string, request: ListRequest): Promise<RecoveryList> => {
    const command = new QueryCommand(queryOf(index, value, request));
    const { Items = [], LastEvaluatedKey } = await awsCall(() => tableClient().send(command, options));
    return partOf(Items.map(recoveryIn), LastEvaluatedKey !== undefined, request.limit);
  };
  return {
    get: read,
    create: (recovery) => write(recovery, { ConditionExpression: 'attribute_not_exists(pk)' }),
    replace: (next) =>
      write(next, {
        ConditionExpression: '#version = :before',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':before': number(next.version - 1) },
      }),
    listByState: (state, request) => list('byState', state, request),
    listBySubject: (userId, request) => list('bySubject', userId, request),
    listDue: async (now) => {
      const command = new QueryCommand(dueQuery(now));
      const { Items = [] } = await awsCall(() => tableClient().send(command, options));
      return Items.map(({ pk }) => (pk?.S ?? '').slice(tableItems.recovery.length));
    },
  };
}

const text = (value: string): AttributeValue => ({ S: value });

const keyOf = (id: string): string => `${tableItems.recovery}${id}`;

function itemOf(recovery: Recovery): Record<string, AttributeValue> {
  const { id, version, state, requestedAt, userId, dueAt } = recovery;
  return {
    pk: text(keyOf(id)),
    version: number(version),
    state: text(state),
    requestedAt: text(requestedAt),
    subjectId: text(userId),
    ...(dueAt !== undefined && { work: text(dueWork.recovery), dueAt: text(dueAt) }),
    ttl: number(Math.floor(Date.parse(requestedAt) / 1000) + keptSeconds),
    data: text(storedRecovery(recovery)),
  };
}

const recoveryIn = ({ data }: Item): Recovery => parseStoredRecovery(data?.S ?? '');

/** True if the write went through after all: a retry after a lost answer fails its own condition. */
const isWritten = (recovery: Recovery, found: Recovery | undefined): boolean =>
  found !== undefined && storedRecovery(found) === storedRecovery(recovery);

/** Queries one more than requested, to know whether the list goes on. */
function queryOf(index: ListIndex, value: string, { limit, after }: ListRequest) {
  const { partition, sort } = tableIndexes[index];
  return {
    TableName: tableSettings().TABLE_NAME,
    IndexName: index,
    KeyConditionExpression: '#partition = :value',
    ExpressionAttributeNames: { '#partition': partition },
    ExpressionAttributeValues: { ':value': text(value) },
    ScanIndexForward: false,
    Limit: limit + 1,
    ...(after !== undefined && {
      ExclusiveStartKey: { [partition]: text(value), ...startKeyOf(after, sort) },
    }),
  };
}

const dueQuery = (now: number) => ({
  TableName: tableSettings().TABLE_NAME,
  IndexName: 'byDue',
  KeyConditionExpression: '#work = :due AND #dueAt <= :now',
  ProjectionExpression: 'pk',
  ExpressionAttributeNames: { '#work': tableIndexes.byDue.partition, '#dueAt': tableIndexes.byDue.sort },
  ExpressionAttributeValues: { ':due': text(dueWork.recovery), ':now': text(new Date(now).toISOString()) },
  Limit: mostDue,
});

/** @param more whether DynamoDB has more after `found`, which large items can make shorter than requested */
function partOf(found: readonly Recovery[], more: boolean, limit: number): RecoveryList {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || (!more && found.length <= limit)) return { items, last: undefined };
  return { items, last: `${last.id} ${last.requestedAt}` };
}

function startKeyOf(after: string, sort: string): Record<string, AttributeValue> {
  const [id = '', requestedAt = ''] = after.split(' ');
  return { pk: text(keyOf(id)), [sort]: text(requestedAt) };
}
