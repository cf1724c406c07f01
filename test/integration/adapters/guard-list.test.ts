import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local-aws/dynamodb.ts';
import { apiEnv } from '../../support/api-event.ts';
import { tableNamed } from '../../support/deployed.ts';
import { freshFunction } from '../../support/fresh-function.ts';

const { signal } = new AbortController();
const region = 'us-east-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let dynamo: LocalDynamoDb;
const now = Date.parse('2026-11-24T12:00:00.000Z');

beforeAll(async () => {
  dynamo = await startDynamoDb({ table: tableNamed(apiEnv.TABLE_NAME), region, faults: new Faults() });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await dynamo.close();
});

async function adapters() {
  await freshFunction({ AWS_ENDPOINT_URL_DYNAMODB: dynamo.url }, () => now);
  const { changeLease } = await import('../../../shared/aws/table/change-lease.ts');
  const { listGuards } = await import('../../../shared/aws/table/guard-list.ts');
  const { recoveryStore } = await import('../../../shared/aws/table/recovery-store.ts');
  const leaseOf = (userId: string) => changeLease({ caller: { userId }, signal, remainingMillis: 10_000 });
  return { leaseOf, store: recoveryStore({ signal }), list: () => listGuards(signal) };
}

describe('the list of guards', () => {
  it('has a user from the guard until it is lifted, whatever else is written', async () => {
    const { leaseOf, list, store } = await adapters();
    const guard = { recoveryId: 'r1', at: now };
    const userId = 'AIDAGUARDED';

    await leaseOf('AIDAOTHER').run((lease) => lease.record('device', true));
    await leaseOf(userId).run((lease) => lease.putGuard(guard));
    await leaseOf(userId).run((lease) => lease.write({ pass: undefined }));
    const guarded = await list();
    await leaseOf(userId).run((lease) => lease.write({ guard: { ...guard, checkAfter: now + 1 } }));
    const later = await list();
    const due = await store.listDue(now + 3_600_000);
    await leaseOf(userId).run((lease) => lease.liftGuard());

    expect(guarded).toEqual([{ userId, checkAfter: now + 300_000 }]);
    expect(later).toEqual([{ userId, checkAfter: now + 1 }]);
    expect(due).toEqual([]);
    expect(await list()).toEqual([]);
  });

  it('goes over several pages', async () => {
    const { list } = await adapters();
    const client = new DynamoDBClient({ endpoint: dynamo.url, region, credentials });
    for (let number = 0; number < 4; number += 1) {
      const Item = {
        ...{
          pk: { S: `user#AIDA${number}` },
          work: { S: 'guard' },
          dueAt: { S: '2026-11-24T12:00:00.000Z' },
        },
        padding: { S: 'x'.repeat(390_000) },
      };
      await client.send(new PutItemCommand({ TableName: apiEnv.TABLE_NAME, Item }));
    }
    client.destroy();

    const guards = await list();

    expect(guards.map(({ userId }) => userId).sort()).toEqual(['AIDA0', 'AIDA1', 'AIDA2', 'AIDA3']);
  });
});
