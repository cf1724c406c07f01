import { describe, expect, it } from 'vitest';
import { Account } from '../../../local-aws/aws/account.ts';
import type { Call } from '../../../local-aws/aws/operation.ts';
import { seedAccount } from '../../../local-aws/aws/seed.ts';
import { tablePermissions } from '../../../local-aws/aws/services/dynamodb.ts';
import { LocalClock } from '../../../local-aws/clock.ts';

const account = new Account({ clock: new LocalClock() });
seedAccount(account);
const { arn, userId } = account.users.get('admin');
const call: Call = {
  account,
  principal: { type: 'user', accountId: account.accountId, arn, userId, accessKeyId: 'AKIA1' },
  now: 0,
  context: {},
};
const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/T';
const Key = { pk: { S: 'user#1' } };

const keyOf = (indexName = '') => ({ byDue: 'work', bySubject: 'subjectId' })[indexName] ?? 'pk';

/** The condition keys of a request. */
function keysOf(operation: string, input: object) {
  const [permission] = tablePermissions(operation, { TableName: 'T', ...input }, call, keyOf);
  return permission?.context ?? {};
}

describe('a request to DynamoDB', () => {
  it.each([
    ['GetItem', { TableName: 'T', Key }, [table]],
    ['GetItem', { TableName: table, Key }, [table]],
    ['Query', { TableName: 'T', IndexName: 'byDue' }, [`${table}/index/byDue`]],
    ['BatchWriteItem', { RequestItems: { T: [], U: [] } }, [table, table.replace(/T$/, 'U')]],
    ['ListTables', {}, ['*']],
  ])('%s of %j needs the right on its table or index', (operation, input, resources) => {
    const permissions = tablePermissions(operation, input, call, keyOf);
    expect(permissions.map(({ resource }) => resource)).toEqual(resources);
    expect(new Set(permissions.map(({ action }) => action))).toEqual(new Set([`dynamodb:${operation}`]));
  });

  it.each([
    ['GetItem', { Key }, ['user#1']],
    ['UpdateItem', { Key }, ['user#1']],
    ['PutItem', { Item: { ...Key, data: { S: 'x' } } }, ['user#1']],
    [
      'Query',
      { KeyConditionExpression: 'pk = :k', ExpressionAttributeValues: { ':k': { S: 'user#2' } } },
      ['user#2'],
    ],
    [
      'Query',
      {
        IndexName: 'bySubject',
        KeyConditionExpression: '#s = :s AND requestedAt < :now',
        ExpressionAttributeNames: { '#s': 'subjectId' },
        ExpressionAttributeValues: { ':s': { S: 'AIDA1' }, ':now': { S: '2026' } },
      },
      ['AIDA1'],
    ],
    [
      'Query',
      { KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'user#3' }] } } },
      ['user#3'],
    ],
    ['Scan', {}, []],
  ])('%s of %j has the partition key %j', (operation, input, expected) => {
    expect(keysOf(operation, input)['dynamodb:LeadingKeys']).toEqual(expected);
  });

  it.each([
    ['GetItem', { Key }, ['pk']],
    [
      'GetItem',
      { Key, ProjectionExpression: 'guard, pass.hash, recent[0].at' },
      ['pk', 'guard', 'pass', 'recent'],
    ],
    [
      'UpdateItem',
      {
        Key,
        UpdateExpression: 'SET #g = :g, holder = if_not_exists(holder, :h) REMOVE #p ADD submissions :one',
        ConditionExpression:
          'attribute_not_exists(a) OR NOT (b BETWEEN :x AND :y) AND c IN (:x, :y) AND size(d) > :n',
        ExpressionAttributeNames: { '#g': 'guard', '#p': 'pass' },
      },
      ['pk', 'guard', 'holder', 'pass', 'submissions', 'a', 'b', 'c', 'd'],
    ],
    ['PutItem', { Item: { ...Key, data: { S: 'x' } } }, ['pk', 'data']],
    [
      'Query',
      { KeyConditionExpression: 'work = :w AND begins_with(dueAt, :d)', FilterExpression: 'version > :v' },
      ['work', 'dueAt', 'version'],
    ],
    [
      'UpdateItem',
      { Key, AttributeUpdates: { guard: {} }, Expected: { holder: {} } },
      ['pk', 'guard', 'holder'],
    ],
    ['GetItem', { Key, AttributesToGet: ['pass'] }, ['pk', 'pass']],
    ['Query', { ExclusiveStartKey: { pk: { S: 'x' }, dueAt: { S: 'y' } } }, ['pk', 'dueAt']],
  ])('%s of %j names the attributes %j', (operation, input, expected) => {
    expect([...(keysOf(operation, input)['dynamodb:Attributes'] ?? [])].sort()).toEqual([...expected].sort());
  });

  it.each([
    ['GetItem', { Key }, 'ALL_ATTRIBUTES'],
    ['GetItem', { Key, ProjectionExpression: 'guard' }, 'SPECIFIC_ATTRIBUTES'],
    ['Query', { IndexName: 'byDue' }, 'ALL_PROJECTED_ATTRIBUTES'],
    ['Query', { Select: 'COUNT' }, 'COUNT'],
  ])('%s of %j selects %s', (operation, input, expected) => {
    expect(keysOf(operation, input)['dynamodb:Select']).toBe(expected);
  });

  it('says what a change returns', () => {
    expect(keysOf('UpdateItem', { Key })['dynamodb:ReturnValues']).toBe('NONE');
    expect(keysOf('UpdateItem', { Key, ReturnValues: 'ALL_NEW' })['dynamodb:ReturnValues']).toBe('ALL_NEW');
    expect(keysOf('GetItem', { Key })).not.toHaveProperty('dynamodb:ReturnValues');
  });
});
