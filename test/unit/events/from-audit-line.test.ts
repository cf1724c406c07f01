import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceEvents, recoveryEvents } from '../../../shared/contract/events/detail-types.ts';
import { eventOfLine } from '../../../shared/events/from-audit-line.ts';
import {
  assertDocumentedEvent,
  deviceLine,
  documentedTypes,
  recoveryFacts,
  recoveryLine,
} from '../../support/events.ts';

const typeOf = (line: object) => eventOfLine('1', 'prod', line)?.event['detail-type'];

describe('the event of a change of a device', () => {
  it.each([
    ['start-enrolment', ['CreateVirtualMFADevice'], 'MFA Device Enrolment Started'],
    ['finish-enrolment', ['EnableMFADevice', 'UntagMFADevice'], 'MFA Device Enabled'],
    ['finish-enrolment', ['UntagMFADevice', 'DeactivateMFADevice'], 'MFA Device Enabled'],
    ['finish-enrolment', ['UntagMFADevice'], undefined],
    ['deactivate-device', ['TagMFADevice', 'DeactivateMFADevice'], 'MFA Device Deactivated'],
    ['deactivate-device', ['TagMFADevice'], undefined],
    ['delete-device', ['DeleteVirtualMFADevice'], 'MFA Device Deleted'],
    ['delete-device', ['DeactivateMFADevice'], 'MFA Device Deleted'],
    ['resync-device', ['ResyncMFADevice'], 'MFA Device Resynchronised'],
    ['resync-with-access-key', ['ResyncMFADevice'], 'MFA Device Resynchronised With Access Key'],
    ['label-device', ['TagMFADevice'], 'MFA Device Labelled'],
    ['tag-device', ['TagMFADevice'], 'MFA Device Tagged'],
    ['untag-device', ['UntagMFADevice'], 'MFA Device Untagged'],
    ['issue-session', ['GetSessionToken'], undefined],
  ])('of %s with %j is %s', (action, changes, detailType) => {
    expect(typeOf({ ...deviceLine, action, changes })).toBe(detailType);
  });

  it('tells who changed which device, and no more', () => {
    const line = { ...deviceLine, replaces: `${deviceLine.serialNumber}-old` };
    expect(eventOfLine('36', 'prod', line)).toEqual({
      resources: [deviceLine.userArn, deviceLine.serialNumber],
      event: {
        'detail-type': 'MFA Device Enabled',
        detail: {
          version: '1',
          stage: 'prod',
          id: '36',
          time: deviceLine.time,
          requestId: deviceLine.requestId,
          result: 'done',
          changes: deviceLine.changes,
          actor: { name: 'alice', arn: deviceLine.userArn, sourceIp: '192.0.2.7' },
          subject: { userName: 'alice', userId: deviceLine.userId },
          device: { serialNumber: line.serialNumber, replaces: line.replaces },
        },
      },
    });
  });

  it('tells of an expired enrolment whose it was', () => {
    const { userName, userArn, userId, accessKeyId, sourceIp, ...line } = deviceLine;
    const found = eventOfLine('1', 'prod', {
      ...line,
      action: 'delete-expired-enrolment',
      ownerId: userId,
      changes: ['DeleteVirtualMFADevice'],
    });
    expect(found?.event).toMatchObject({
      'detail-type': 'MFA Device Enrolment Expired',
      detail: { actor: { name: 'mfa-self-service' }, subject: { userName, userId } },
    });
    expect([userArn, accessKeyId, sourceIp].some((text) => JSON.stringify(found).includes(text))).toBe(false);
  });

  it('names the recovery that an enrolment ends', () => {
    const recovery = { id: recoveryFacts.id };
    expect(eventOfLine('1', 'prod', { ...deviceLine, recovery })?.event.detail).toMatchObject({ recovery });
  });
});

describe('the event of a change of a recovery', () => {
  it.each([
    ['request-recovery', 'requested', 'MFA Recovery Requested'],
    ['approve-recovery', 'requested', 'MFA Recovery Approved'],
    ['approve-recovery', 'approved', 'MFA Recovery Approved'],
    ['deny-recovery', 'denied', 'MFA Recovery Denied'],
    ['cancel-recovery', 'cancelled', 'MFA Recovery Cancelled'],
    ['object-to-recovery', 'objected', 'MFA Recovery Objected'],
    ['expire-recovery', 'expired', 'MFA Recovery Expired'],
    ['execute-recovery', 'executing', 'MFA Recovery Executing'],
    ['execute-recovery', 'executed', 'MFA Recovery Executed'],
    ['execute-recovery', 'failed', 'MFA Recovery Failed'],
    ['end-revocation', 'executed', 'MFA Recovery Revocation Ended'],
    ['issue-enrolment-pass', 'executed', 'MFA Enrolment Pass Issued'],
  ])('of %s in state %s is %s', (action, state, detailType) => {
    expect(typeOf({ ...recoveryLine, action, recovery: { ...recoveryFacts, state } })).toBe(detailType);
  });

  it('tells who did what to whom for which ticket', () => {
    const { userName, userId, ...recovery } = recoveryFacts;
    expect(eventOfLine('36', 'prod', recoveryLine)).toEqual({
      resources: [recoveryLine.userArn],
      event: {
        'detail-type': 'MFA Recovery Requested',
        detail: {
          version: '1',
          stage: 'prod',
          id: '36',
          time: recoveryLine.time,
          requestId: recoveryLine.requestId,
          result: 'done',
          changes: ['RequestRecovery'],
          actor: { name: 'ann', arn: recoveryLine.userArn, sourceIp: '192.0.2.7' },
          subject: { userName, userId },
          recovery,
        },
      },
    });
  });

  it('tells of a webhook the person and the ticketing system', () => {
    const { userArn, userId, accessKeyId, ...line } = recoveryLine;
    const detail = eventOfLine('1', 'prod', { ...line, userName: 'Ann of Service', system: 'jira' })?.event
      .detail;
    expect(detail?.actor).toEqual({ name: 'Ann of Service', sourceIp: '192.0.2.7', system: 'jira' });
  });

  it('tells which devices an execution took, and why it failed', () => {
    const recovery = { ...recoveryFacts, state: 'failed', failure: 'policy-quota' };
    const line = { ...recoveryLine, action: 'execute-recovery', recovery, serialNumbers: ['GAHT00000001'] };
    expect(eventOfLine('1', 'prod', line)?.event.detail).toMatchObject({
      recovery: { failure: 'policy-quota', removed: ['GAHT00000001'] },
    });
  });

  it('tells all devices that an execution took, and which of them no approver had seen', () => {
    const removedDevices = [
      { serialNumber: 'GAHT00000001', addedSinceRequest: false },
      { serialNumber: 'GAHT00000002', addedSinceRequest: true },
    ];
    const recovery = { ...recoveryFacts, state: 'executed', removedDevices };
    const line = { ...recoveryLine, action: 'execute-recovery', recovery };
    expect(eventOfLine('1', 'prod', line)?.event.detail).toMatchObject({ recovery: { removedDevices } });
  });

  it('has no evidence', () => {
    const recovery = { ...recoveryFacts, evidence: 'seen by her manager' };
    expect(JSON.stringify(eventOfLine('1', 'prod', { ...recoveryLine, recovery }))).not.toContain('manager');
  });
});

it.each(['refused', 'unchanged'])('what was %s makes no event', (result) => {
  expect(eventOfLine('1', 'prod', { ...deviceLine, result })).toBeUndefined();
});

it('what is incomplete is told as such', () => {
  expect(eventOfLine('1', 'prod', { ...deviceLine, result: 'incomplete' })?.event.detail.result).toBe(
    'incomplete',
  );
});

describe('a line of which no event can be made', () => {
  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['another line', { message: 'request' }],
    ['no audit line', { ...deviceLine, audit: false }],
    ['an unknown action', { ...deviceLine, action: 'toString' }],
    ['no device', { ...deviceLine, serialNumber: undefined }],
    ['no owner', { ...deviceLine, userId: null }],
    ['an owner who is only a part of the name', { ...deviceLine, userName: 'alice\nbob' }],
    ['no recovery', { ...recoveryLine, recovery: undefined }],
    ['a recovery of which only the id is known', { ...recoveryLine, recovery: { id: recoveryFacts.id } }],
    [
      'a requester in two lines',
      { ...recoveryLine, recovery: { ...recoveryFacts, requestedBy: 'ann\r\nBcc: x' } },
    ],
  ])('is refused: %s', (_, line) => {
    expect(() => eventOfLine('1', 'prod', line)).toThrow();
  });
});

describe('whatever is in a line', () => {
  const secrets = ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'abcd-efgh-ijkl-mnop-qrst-uvwx', 'evidence of it'];
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '\n',
      '"',
      '\u2028',
      '{}',
      'arn:x',
      '::1',
      'Zoë',
      'done',
      'tag-device',
      'TagMFADevice',
    ),
  );
  const few = { maxKeys: 1 };
  const lines = fc.constantFrom<Readonly<Record<string, unknown>>>(deviceLine, recoveryLine);
  /** A line in which some members have other values, and which has members that it should not have. */
  const anyLine = fc
    .tuple(
      lines,
      fc.dictionary(
        fc.constantFrom(...Object.keys({ ...deviceLine, ...recoveryLine }), 'system'),
        anyText,
        few,
      ),
      fc.dictionary(
        fc.constantFrom('base32Seed', 'pass', 'evidence', 'tags', '__proto__'),
        fc.constantFrom(...secrets),
      ),
      fc.dictionary(fc.constantFrom(...Object.keys(recoveryFacts), 'failure'), anyText, few),
    )
    .map(([line, changed, added, inRecovery]) => ({
      ...line,
      ...changed,
      ...added,
      recovery: { ...recoveryFacts, ...inRecovery, ...added },
    }));

  it('its event is one of the documented, with no secret of the line, or there is none', () => {
    let made = 0;
    fc.assert(
      fc.property(anyLine, (line) => {
        let found: ReturnType<typeof eventOfLine>;
        try {
          found = eventOfLine('1', 'prod', line);
        } catch {
          return;
        }
        if (found === undefined) return;
        made += 1;
        assertDocumentedEvent({ source: 'mfa-self-service', ...found.event });
        const text = JSON.stringify(found);
        for (const secret of [...secrets, deviceLine.accessKeyId, recoveryLine.accessKeyId])
          expect(text).not.toContain(secret);
      }),
      { numRuns: 2000 },
    );
    expect(made).toBeGreaterThan(100);
  });
});

it('every type has a schema', () => {
  expect(documentedTypes).toEqual([...deviceEvents, ...recoveryEvents]);
});
