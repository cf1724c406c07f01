import { recoveryIdOf } from '../../shared/recoveries/new-recovery.ts';
import type { Recovery } from '../../shared/recoveries/recovery.ts';

export const requestedAt = Date.parse('2026-11-02T09:20:00.000Z');
const weekMillis = 604_800_000;

/** Ann's request about bob's phone. */
export function sampleRecovery(overrides: Partial<Recovery> = {}): Recovery {
  const ticket = overrides.ticket ?? { system: 'servicenow', id: 'INC0012345' };
  const serialNumber = 'arn:aws:iam::123456789012:mfa/self-service/bob/phone';
  const expiresAt = new Date(requestedAt + weekMillis).toISOString();
  return {
    id: recoveryIdOf(ticket),
    version: 1,
    state: 'requested',
    ticket,
    reason: 'lost',
    userName: 'bob',
    userId: 'AIDABOB',
    userArn: 'arn:aws:iam::123456789012:user/bob',
    devices: [{ serialNumber, enabledAt: '2026-01-15T08:00:00.000Z' }],
    targets: [serialNumber],
    requestHash: 'hash',
    requestedBy: 'ann',
    requestedAt: new Date(requestedAt).toISOString(),
    approvals: [],
    approvalsNeeded: 1,
    expiresAt,
    dueAt: expiresAt,
    ...overrides,
  };
}
