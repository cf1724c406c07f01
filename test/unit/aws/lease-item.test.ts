import { describe, expect, it } from 'vitest';
import { attributesOf, leaseRecordOf } from '../../../shared/aws/table/lease-item.ts';

const change = { serialNumber: { S: 'GAHT00000001' }, active: { BOOL: false }, at: { N: '5' } };
const whole = {
  guard: { M: { recoveryId: { S: 'r1' }, at: { N: '7' } } },
  pass: { M: { recoveryId: { S: 'r1' }, hash: { S: 'h' }, expiresAt: { N: '9' }, wrong: { N: '0' } } },
  recent: { L: [{ M: change }] },
};

describe('the item of a user', () => {
  it('is read as it was written', () => {
    const record = leaseRecordOf(whole);
    const { set, remove, values } = attributesOf(record);

    expect(record).toEqual({
      guard: { recoveryId: 'r1', at: 7 },
      pass: { recoveryId: 'r1', hash: 'h', expiresAt: 9, wrong: 0 },
      recent: [{ serialNumber: 'GAHT00000001', active: false, at: 5 }],
    });
    expect(set).toEqual(['#guard = :guard', '#pass = :pass', '#recent = :recent']);
    expect(remove).toEqual([]);
    expect(values).toEqual({ ':guard': whole.guard, ':pass': whole.pass, ':recent': whole.recent });
  });

  it('that is empty has neither guard nor pass', () => {
    expect(leaseRecordOf({})).toEqual({ guard: undefined, pass: undefined, recent: [] });
  });

  it.each([{ M: {} }, { S: 'text' }, { M: { recoveryId: { N: '1' } } }])(
    'still guards where the guard cannot be read: %j',
    (guard) => {
      expect(leaseRecordOf({ guard } as never).guard).toMatchObject({ recoveryId: '' });
    },
  );

  it.each(['recoveryId', 'hash', 'expiresAt', 'wrong'])(
    'has no pass where its %s is missing or unreadable',
    (member) => {
      const { [member]: _, ...rest } = whole.pass.M as Readonly<Record<string, object>>;

      expect(leaseRecordOf({ pass: { M: rest } } as never).pass).toBeUndefined();
      expect(
        leaseRecordOf({ pass: { M: { ...rest, [member]: { BOOL: true } } } } as never).pass,
      ).toBeUndefined();
    },
  );

  it.each(['serialNumber', 'active', 'at'])(
    'leaves out a change whose %s is missing or unreadable',
    (member) => {
      const { [member]: _, ...rest } = change as Readonly<Record<string, object>>;
      const broken = [{ M: rest }, { M: { ...rest, [member]: { SS: [] } } }, { S: 'text' }];

      expect(leaseRecordOf({ recent: { L: broken } } as never).recent).toEqual([]);
    },
  );
});
