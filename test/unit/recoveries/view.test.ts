import { describe, expect, it } from 'vitest';
import { ownRecovery, recovery as recoverySchema } from '../../../shared/contract/recovery-schemas.ts';
import { ownView, recoveryView } from '../../../shared/recoveries/view.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';

const arn = 'arn:aws:iam::123456789012';
const devices = [
  { serialNumber: `${arn}:mfa/self-service/bob/phone`, enabledAt: '2026-01-15T08:00:00.000Z' },
  { serialNumber: `${arn}:mfa/old`, enabledAt: '2025-01-15T08:00:00.000Z' },
  { serialNumber: `${arn}:u2f/user/bob/key`, enabledAt: '2025-02-15T08:00:00.000Z' },
];

describe('what is shown of a recovery', () => {
  it('has all devices where the request names none', () => {
    const recovery = sampleRecovery({ devices, targets: undefined });

    expect(recoveryView(recovery, requestedAt).devices.map(({ name }) => name)).toEqual([
      'phone',
      'old',
      'key',
    ]);
  });

  it('has what was removed, and marks what the approvers had not seen', () => {
    const recovery = sampleRecovery({
      removedDevices: [
        { serialNumber: `${arn}:mfa/self-service/bob/phone`, addedSinceRequest: false },
        {
          ...{ serialNumber: 'GAHT00000001', addedSinceRequest: true },
          enabledAt: '2026-11-02T09:25:00.000Z',
        },
      ],
    });

    const views = [recoveryView(recovery, requestedAt), ownView(recovery, requestedAt)];

    for (const { removedDevices } of views) {
      expect(removedDevices).toEqual([
        {
          ...{ id: 'phone', name: 'phone', kind: 'virtual', addedSinceRequest: false },
          serialNumber: `${arn}:mfa/self-service/bob/phone`,
        },
        expect.objectContaining({
          ...{ name: 'GAHT00000001', kind: 'hardware-totp', addedSinceRequest: true },
          enabledAt: '2026-11-02T09:25:00.000Z',
        }),
      ]);
    }
    expect(recoverySchema.safeParse(views[0]).error).toBeUndefined();
    expect(ownRecovery.safeParse(views[1]).error).toBeUndefined();
  });

  it('has the devices that it takes away, by the ids that their owner knows', () => {
    const recovery = sampleRecovery({ devices, targets: [`${arn}:mfa/old`, devices[0]?.serialNumber ?? ''] });

    expect(recoveryView(recovery, requestedAt).devices).toEqual([
      {
        id: 'phone',
        name: 'phone',
        kind: 'virtual',
        serialNumber: `${arn}:mfa/self-service/bob/phone`,
        enabledAt: '2026-01-15T08:00:00.000Z',
      },
      expect.objectContaining({
        id: `~${Buffer.from(`${arn}:mfa/old`).toString('base64url')}`,
        name: 'old',
      }),
    ]);
  });

  it('fits the contract, with and without what it may have', () => {
    const full = sampleRecovery({
      evidence: 'called back',
      approvals: [{ by: 'pat', at: '2026-11-02T09:40:00.000Z' }],
      objectedAt: '2026-11-02T09:30:00.000Z',
      closedBy: 'pia',
      closedAt: '2026-11-02T09:50:00.000Z',
      executedAt: '2026-11-02T09:41:00.000Z',
      failure: 'policy-quota',
      revokeAfter: '2026-11-02T09:42:00.000Z',
    });

    for (const recovery of [full, sampleRecovery()]) {
      expect(recoverySchema.safeParse(recoveryView(recovery, requestedAt)).error).toBeUndefined();
      expect(ownRecovery.safeParse(ownView(recovery, requestedAt)).error).toBeUndefined();
    }
    expect(recoveryView(full, requestedAt)).toMatchObject({
      evidence: 'called back',
      approvals: [{ by: 'pat', at: '2026-11-02T09:40:00.000Z' }],
      objectedAt: '2026-11-02T09:30:00.000Z',
      closedBy: 'pia',
      closedAt: '2026-11-02T09:50:00.000Z',
      executedAt: '2026-11-02T09:41:00.000Z',
      failure: 'policy-quota',
    });
    expect(Object.keys(recoveryView(sampleRecovery(), requestedAt))).toEqual([
      'id',
      'state',
      'ticket',
      'userName',
      'reason',
      'requestedBy',
      'requestedAt',
      'approvals',
      'approvalsNeeded',
      'expiresAt',
      'devices',
    ]);
  });

  it('has no evidence for its subject', () => {
    expect(ownView(sampleRecovery({ evidence: 'called back' }), requestedAt)).not.toHaveProperty('evidence');
  });

  it('is expired as soon as its time is over', () => {
    const recovery = sampleRecovery();
    const end = Date.parse(recovery.expiresAt);

    expect(recoveryView(recovery, end - 1).state).toBe('requested');
    expect(recoveryView(recovery, end).state).toBe('expired');
  });
});
