import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local-aws/dynamodb.ts';
import type { RecoveryStore } from '../../../shared/recoveries/ports.ts';
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import { nextVersion, transition } from '../../../shared/recoveries/state-machine.ts';
import { apiEnv } from '../../support/api-event.ts';
import { tableNamed } from '../../support/deployed.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';
import { recoveryFunction } from '../../support/recovery-function.ts';

const faults = new Faults();
let dynamo: LocalDynamoDb;

beforeAll(async () => {
  dynamo = await startDynamoDb({ table: tableNamed(apiEnv.TABLE_NAME), region: 'us-east-1', faults });
});
afterAll(() => dynamo.close());
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  faults.clear();
  await dynamo.reset();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const functionWith = () => recoveryFunction({ url: dynamo.url });

const problem = (code: string) => expect.objectContaining({ code });

const sample = (number: number, overrides: Partial<Recovery> = {}): Recovery =>
  sampleRecovery({
    ticket: { system: 'servicenow', id: `INC${number}` },
    requestedAt: new Date(requestedAt + number * 1000).toISOString(),
    ...overrides,
  });

describe('a recovery in the table', () => {
  it('round-trips with every optional member', async () => {
    const { store } = await functionWith();
    const full = sampleRecovery({
      state: 'failed',
      ticket: { system: 'jira', id: 'HELP-1', url: 'https://desk.example.com/HELP-1' },
      evidence: 'called back',
      approvals: [{ by: 'pat', at: '2026-11-02T09:40:00.000Z' }],
      objectedAt: '2026-11-02T09:30:00.000Z',
      closedBy: 'pia',
      closedAt: '2026-11-02T09:50:00.000Z',
      executedAt: '2026-11-02T09:41:00.000Z',
      failure: 'policy-quota',
      removalBegunAt: '2026-11-02T09:40:30.000Z',
      revokeAfter: '2026-11-02T09:42:00.000Z',
      revokedUntil: '2026-11-03T21:42:00.000Z',
    });

    await expect(store.create(full)).resolves.toBe(true);

    expect(await store.get(full.id)).toEqual(full);
    expect(await store.get('none')).toBeUndefined();
  });

  it('expires 400 days after its request, and is indexed as due only while something is', async () => {
    const { store } = await functionWith();
    await store.create(sample(1));
    await store.replace(transition(sample(1), 'DenyRecovery', { by: 'pat' }, requestedAt));

    const client = new DynamoDBClient({
      endpoint: dynamo.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const Key = { pk: { S: `recovery#${sample(1).id}` } };
    const { Item = {} } = await client.send(new GetItemCommand({ TableName: apiEnv.TABLE_NAME, Key }));

    expect(Object.keys(Item).sort()).toEqual([
      'data',
      'pk',
      'requestedAt',
      'state',
      'subjectId',
      'ttl',
      'version',
    ]);
    expect(Number(Item['ttl']?.N)).toBe((requestedAt + 1000) / 1000 + 400 * 86_400);
  });

  it('is created once and keeps its first content', async () => {
    const { store } = await functionWith();
    await store.create(sample(1));

    await expect(store.create(sample(1, { userName: 'alice' }))).resolves.toBe(false);

    expect(await store.get(sample(1).id)).toMatchObject({ userName: 'bob' });
  });

  it('is replaced only by its next version', async () => {
    const { store } = await functionWith();
    await store.create(sample(1));
    const second = transition(sample(1), 'ApproveRecovery', { by: 'pat' }, requestedAt);
    await expect(store.replace(second)).resolves.toBe(true);

    await expect(
      store.replace(transition(sample(1), 'DenyRecovery', { by: 'pia' }, requestedAt)),
    ).resolves.toBe(false);
    await expect(store.replace({ ...second, version: 4 })).resolves.toBe(false);

    expect(await store.get(second.id)).toEqual(second);
  });

  it('cannot be created by a replacement', async () => {
    const { store } = await functionWith();

    await expect(store.replace(nextVersion(sample(1), {}))).resolves.toBe(false);

    expect(await store.get(sample(1).id)).toBeUndefined();
  });

  it('is written even if the answer is lost', async () => {
    const { store } = await functionWith();
    await store.create(sample(1));
    faults.put({ operation: 'PutItem', error: 'lost-answer', times: 1 });
    const next = transition(sample(1), 'ApproveRecovery', { by: 'pat' }, requestedAt);

    await expect(store.replace(next)).resolves.toBe(true);

    expect(faults.take('PutItem')).toBeUndefined();
    expect(await store.get(next.id)).toEqual(next);
  });
});

describe('simultaneous approvers', () => {
  it.each([
    ['one approval', 1, 1],
    ['two approvals', 2, 2],
  ])('each count and start one execution if it takes %s', async (_what, approvalsNeeded, counted) => {
    const recovery = sample(1, { approvalsNeeded });
    const functions = [await functionWith(), await functionWith()];
    await functions[0]?.store.create(recovery);
    const start = vi.fn(async (_id: string) => undefined);

    const results = await Promise.allSettled(
      functions.map(({ store, leaseOf, approveRecovery }, index) =>
        approveRecovery(recovery.id, ['pat', 'pia'][index] ?? '', { store, leaseOf, starter: { start } }),
      ),
    );

    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(counted === 1 ? ['recovery-closed'] : []);
    const after = await functions[0]?.store.get(recovery.id);
    expect(after).toMatchObject({ state: 'approved', version: 1 + counted });
    expect(after?.approvals).toHaveLength(counted);
    expect(start).toHaveBeenCalledTimes(1);
  });
});

describe('lists of recoveries', () => {
  /** The ticket ids on each page of a list. */
  async function pages(list: (after: string | undefined) => ReturnType<RecoveryStore['listByState']>) {
    const found: string[][] = [];
    let after: string | undefined;
    do {
      const { items, last } = await list(after);
      found.push(items.map(({ ticket }) => ticket.id));
      after = last;
    } while (after !== undefined);
    return found;
  }

  it('go by state, latest request first, page by page', async () => {
    const { store } = await functionWith();
    for (const number of [2, 5, 1, 4, 3]) await store.create(sample(number));
    await store.create(sample(9, { state: 'denied' }));

    expect(await pages((after) => store.listByState('requested', { limit: 2, after }))).toEqual([
      ['INC5', 'INC4'],
      ['INC3', 'INC2'],
      ['INC1'],
    ]);
    expect(await pages((after) => store.listByState('requested', { limit: 5, after }))).toHaveLength(1);
    expect(await pages((after) => store.listByState('executed', { limit: 5, after }))).toEqual([[]]);
  });

  it('go by subject in any state', async () => {
    const { store } = await functionWith();
    await store.create(sample(1, { state: 'executed' }));
    await store.create(sample(2));
    await store.create(sample(3, { userId: 'AIDAALICE' }));

    expect(await pages((after) => store.listBySubject('AIDABOB', { limit: 1, after }))).toEqual([
      ['INC2'],
      ['INC1'],
    ]);
  });

  it('keep recoveries requested at the same moment', async () => {
    const { store } = await functionWith();
    const sameTime = { requestedAt: new Date(requestedAt).toISOString() };
    for (const number of [1, 2, 3, 4, 5]) await store.create(sample(number, sameTime));

    const found = await pages((after) => store.listByState('requested', { limit: 2, after }));

    expect(found.flat().sort()).toEqual(['INC1', 'INC2', 'INC3', 'INC4', 'INC5']);
  });

  it('continue after a page full of large items', async () => {
    const { store } = await functionWith();
    const targets = [`arn:${'x'.repeat(150_000)}`];
    for (let number = 1; number <= 9; number += 1) await store.create(sample(number, { targets }));

    const found = await pages((after) => store.listByState('requested', { limit: 100, after }));

    expect(found.length).toBeGreaterThan(1);
    expect(found.flat()).toHaveLength(9);
  });

  it('show what is due, longest due first', async () => {
    const { store } = await functionWith();
    const due = (seconds: number) => ({ dueAt: new Date(requestedAt + seconds * 1000).toISOString() });
    await store.create(sample(1, due(60)));
    await store.create(sample(2, due(30)));
    await store.create(sample(3, due(61)));
    await store.create(sample(4, { dueAt: undefined }));

    expect(await store.listDue(requestedAt + 60_000)).toEqual([sample(2).id, sample(1).id]);
    expect(await store.listDue(requestedAt)).toEqual([]);
  });
});

describe('the counter of requests', () => {
  it('allows exactly the limit, however many arrive at once', async () => {
    const { counter } = await functionWith();

    const results = await Promise.all(Array.from({ length: 50 }, () => counter.count('ann', 20)));

    expect(results.filter(Boolean)).toHaveLength(20);
    await expect(counter.count('abe', 20)).resolves.toBe(true);
  });

  it('starts afresh every day', async () => {
    const { counter, clock } = await functionWith();
    clock.now = () => Date.parse('2026-11-02T23:59:59.999Z');
    await counter.count('ann', 1);
    await expect(counter.count('ann', 1)).resolves.toBe(false);

    clock.now = () => Date.parse('2026-11-03T00:00:00.000Z');

    await expect(counter.count('ann', 1)).resolves.toBe(true);
  });
});

describe('without the table', () => {
  it.each(['InternalServerError', 'ResourceNotFoundException', 'connection-reset', 'malformed'])(
    'everything is a problem (%s)',
    async (error) => {
      const { store, counter } = await functionWith();
      for (const operation of ['GetItem', 'PutItem', 'UpdateItem', 'Query']) {
        faults.put({ operation, error, times: 20 });
      }

      const results = await Promise.allSettled([
        store.get('one'),
        store.create(sample(1)),
        store.replace(sample(1)),
        store.listByState('requested', { limit: 1 }),
        store.listBySubject('AIDABOB', { limit: 1 }),
        store.listDue(requestedAt),
        counter.count('ann', 1),
      ]);

      expect(results).toEqual(
        results.map(() => ({ status: 'rejected', reason: problem('upstream-failed') })),
      );
    },
  );
});
