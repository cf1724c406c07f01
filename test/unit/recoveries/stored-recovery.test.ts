import { describe, expect, it } from 'vitest';
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import { parseStoredRecovery, storedRecovery } from '../../../shared/recoveries/stored-recovery.ts';
import { sampleRecovery } from '../../support/recovery.ts';

const time = '2026-11-02T09:40:00.000Z';
const whole = sampleRecovery({
  evidence: 'called back',
  approvals: [{ by: 'pat', at: time }],
  objectedAt: time,
  closedBy: 'pia',
  closedAt: time,
  executedAt: time,
  failure: 'policy-quota',
  targets: ['GAHT00000001'],
  removalBegunAt: time,
  removedDevices: [
    { serialNumber: 'GAHT00000001', enabledAt: time, addedSinceRequest: false },
    { serialNumber: 'GAHT00000002', addedSinceRequest: true },
  ],
  revokeAfter: time,
  revokedUntil: time,
});

describe('a recovery in the table', () => {
  it.each([
    ['with all that it can have', whole],
    ['with no more than it must have', sampleRecovery({ dueAt: undefined })],
  ])('is read as it was written: %s', (_, recovery) => {
    expect(parseStoredRecovery(storedRecovery(recovery))).toEqual(JSON.parse(JSON.stringify(recovery)));
  });

  it('is the same text for equal recoveries, whatever the order of their members', () => {
    const turned = Object.fromEntries(Object.entries(whole).reverse()) as unknown as Recovery;

    expect(storedRecovery(turned)).toBe(storedRecovery(whole));
  });

  it.each(['id', 'state', 'userId', 'devices', 'approvals', 'expiresAt'])(
    'is not read without its %s',
    (member) => {
      const { [member]: _, ...rest } = JSON.parse(storedRecovery(whole));

      expect(() => parseStoredRecovery(JSON.stringify(rest))).toThrow();
    },
  );

  it('of an earlier version is read without the failure that there is no longer', () => {
    const stored = { ...JSON.parse(storedRecovery(whole)), failure: 'device-added' };

    expect(parseStoredRecovery(JSON.stringify(stored))).toEqual({ ...whole, failure: undefined });
  });

  it.each([
    ['a state that is none', { state: 'done' }],
    ['an approval without a person', { approvals: [{ at: time }] }],
    ['a device without a time', { devices: [{ serialNumber: 'GAHT00000001' }] }],
  ])('is not read with %s', (_, change) => {
    const stored = { ...JSON.parse(storedRecovery(whole)), ...change };

    expect(() => parseStoredRecovery(JSON.stringify(stored))).toThrow();
  });
});
