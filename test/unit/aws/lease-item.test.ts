import { describe, expect, it } from 'vitest';
import { attributesOf, userRecordOf } from '../../../shared/aws/table/lease-item.ts';

const change = { serialNumber: { S: 'GAHT00000001' }, active: { BOOL: false }, at: { N: '5' } };
const whole = {
  guard: { M: { recoveryId: { S: 'r1' }, at: { N: '7' }, mustRevoke: { BOOL: true } } },
  pass: { M: { recoveryId: { S: 'r1' }, hash: { S: 'h' }, expiresAt: { N: '9' }, wrong: { N: '0' } } },
  recoveryUnderWay: { S: 'r1' },
  creations: { L: [{ M: { serialNumber: { S: 'arn' }, at: { N: '3' }, pending: { BOOL: false } } }] },
  resyncs: { L: [{ M: { serialNumber: { S: 'arn' }, at: { N: '4' } } }] },
  recent: { L: [{ M: change }] },
};

describe('the item of a user', () => {
  it('is read as it was written', () => {
    const record = userRecordOf(whole);
    const { set, remove, values } = attributesOf(record);

    expect(record).toEqual({
      guard: { recoveryId: 'r1', at: 7, mustRevoke: true },
      pass: { recoveryId: 'r1', hash: 'h', expiresAt: 9, wrong: 0 },
      recoveryUnderWay: 'r1',
      creations: [{ serialNumber: 'arn', at: 3, pending: false }],
      resyncs: [{ serialNumber: 'arn', at: 4 }],
      recent: [{ serialNumber: 'GAHT00000001', active: false, at: 5 }],
    });
    const inIndex = { work: { S: 'guard' }, dueAt: { S: new Date(7 + 300_000).toISOString() } };
    const written = Object.entries({ ...whole, ...inIndex });
    expect(set.toSorted()).toEqual(written.map(([name]) => `#${name} = :${name}`).toSorted());
    expect(remove).toEqual([]);
    expect(values).toEqual(Object.fromEntries(written.map(([name, value]) => [`:${name}`, value])));
  });

  it('is in the index as long as it has a guard', () => {
    const guard = { recoveryId: 'r1', at: 7, checkAfter: 3_600_000 };
    const { values } = attributesOf({ guard });
    const read = userRecordOf({ guard: values[':guard'] } as never);

    expect(values[':dueAt']).toEqual({ S: '1970-01-01T01:00:00.000Z' });
    expect(read.guard).toEqual(guard);
    expect(attributesOf({ guard: undefined })).toMatchObject({
      set: [],
      remove: ['#guard', '#work', '#dueAt'],
    });
    expect(attributesOf({ pass: undefined })).toMatchObject({ set: [], remove: ['#pass'] });
  });

  it('that is empty has neither guard nor pass', () => {
    expect(userRecordOf({})).toEqual({ creations: [], resyncs: [], recent: [] });
  });

  it.each([{ M: {} }, { S: 'text' }, { M: { recoveryId: { N: '1' } } }])(
    'still guards where the guard cannot be read: %j',
    (guard) => {
      expect(userRecordOf({ guard } as never).guard).toMatchObject({ recoveryId: '' });
    },
  );

  it('has sessions to revoke where it cannot be read whether there are any', () => {
    const guard = { M: { recoveryId: { S: 'r1' }, at: { N: '7' }, mustRevoke: { S: 'no' } } };

    expect(userRecordOf({ guard }).guard).toMatchObject({ mustRevoke: true });
  });

  it.each(['recoveryId', 'hash', 'expiresAt', 'wrong'])(
    'has no pass where its %s is missing or unreadable',
    (member) => {
      const { [member]: _, ...rest } = whole.pass.M as Readonly<Record<string, object>>;

      expect(userRecordOf({ pass: { M: rest } } as never).pass).toBeUndefined();
      expect(
        userRecordOf({ pass: { M: { ...rest, [member]: { BOOL: true } } } } as never).pass,
      ).toBeUndefined();
    },
  );

  it.each(['serialNumber', 'active', 'at'])(
    'leaves out a change whose %s is missing or unreadable',
    (member) => {
      const { [member]: _, ...rest } = change as Readonly<Record<string, object>>;
      const broken = [{ M: rest }, { M: { ...rest, [member]: { SS: [] } } }, { S: 'text' }];

      expect(userRecordOf({ recent: { L: broken } } as never).recent).toEqual([]);
    },
  );
});
