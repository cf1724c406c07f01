import { type DeviceEvent, eventSource, type RecoveryEvent } from '../contract/events/detail-types.ts';
import { type ServiceEvent, serviceEvent } from '../contract/events/schemas.ts';
import type { AuditAction } from '../contract/operation.ts';
import { type AuditLine, auditLine } from './audit-line.ts';

/** Of which calls to IAM at least one must have been made; calls beside them, as those for tags, make no event. */
interface DeviceKind {
  readonly device: DeviceEvent;
  readonly calls: readonly string[];
}

interface RecoveryKind {
  readonly recovery: (line: AuditLine) => RecoveryEvent;
}

const device = (name: DeviceEvent, ...calls: readonly string[]): DeviceKind => ({ device: name, calls });
const recovery = (name: RecoveryEvent): RecoveryKind => ({ recovery: () => name });

/** What becomes of each action. Sessions change no factor, so that nothing becomes of them. */
const kinds: Readonly<Record<AuditAction, DeviceKind | RecoveryKind | undefined>> = {
  'start-enrolment': device(
    'MFA Device Enrolment Started',
    'CreateVirtualMFADevice',
    'DeleteVirtualMFADevice',
  ),
  'finish-enrolment': device(
    'MFA Device Enabled',
    'EnableMFADevice',
    'DeactivateMFADevice',
    'DeleteVirtualMFADevice',
  ),
  'deactivate-device': device('MFA Device Deactivated', 'DeactivateMFADevice'),
  'delete-device': device('MFA Device Deleted', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'),
  'resync-device': device('MFA Device Resynchronised', 'ResyncMFADevice'),
  'label-device': device('MFA Device Labelled', 'TagMFADevice', 'UntagMFADevice'),
  'tag-device': device('MFA Device Tagged', 'TagMFADevice'),
  'untag-device': device('MFA Device Untagged', 'UntagMFADevice'),
  'issue-session': undefined,
  'delete-expired-enrolment': device('MFA Device Enrolment Expired', 'DeleteVirtualMFADevice'),
  'request-recovery': recovery('MFA Recovery Requested'),
  'approve-recovery': recovery('MFA Recovery Approved'),
  'deny-recovery': recovery('MFA Recovery Denied'),
  'cancel-recovery': recovery('MFA Recovery Cancelled'),
  'object-to-recovery': recovery('MFA Recovery Objected'),
  'expire-recovery': recovery('MFA Recovery Expired'),
  'execute-recovery': { recovery: executionEvent },
  'end-revocation': recovery('MFA Recovery Revocation Ended'),
  'issue-enrolment-pass': recovery('MFA Enrolment Pass Issued'),
};

/** An execution that waits, or is to be tried again, has come no further than the recovery's state says. */
function executionEvent({ recovery }: AuditLine): RecoveryEvent {
  if (recovery?.state === 'executed') return 'MFA Recovery Executed';
  return recovery?.state === 'failed' ? 'MFA Recovery Failed' : 'MFA Recovery Executing';
}

const isAction = (action: string): action is AuditAction => Object.hasOwn(kinds, action);

/** The event that follows from an audit line, and what on AWS it is about. */
export interface LineEvent {
  readonly event: ServiceEvent;
  /** ARNs of the user and his device, as far as the line has them. */
  readonly resources: readonly string[];
}

/**
 * The event of an audit line; undefined where nothing was changed. Throws for what is no audit line, and for one of which no
 * event can be made.
 * @param id of the line in its log, by which consumers tell an event that comes again
 * @param stage of the function that wrote it
 */
export function eventOfLine(id: string, stage: string, content: unknown): LineEvent | undefined {
  const line = auditLine.parse(content);
  if (line.result === 'refused' || line.result === 'unchanged') return undefined;
  if (!isAction(line.action)) throw new Error('An audit line has an action that is not known');
  const kind = kinds[line.action];
  if (kind === undefined) return undefined;
  if ('device' in kind && !kind.calls.some((call) => line.changes.includes(call))) return undefined;
  return {
    event: serviceEvent.parse(
      'device' in kind
        ? { 'detail-type': kind.device, detail: deviceDetailOf({ id, stage }, line) }
        : { 'detail-type': kind.recovery(line), detail: recoveryDetailOf({ id, stage }, line) },
    ),
    resources: [line.userArn, line.serialNumber].filter(isArn),
  };
}

/** What a line does not say of itself. */
interface Origin {
  readonly id: string;
  readonly stage: string;
}

/** Undefined members are left out when it is written as JSON, missing ones refused by the schema. */
const deviceDetailOf = (origin: Origin, line: AuditLine): object => ({
  ...commonOf(origin, line),
  subject: ownerOf(line),
  device: { serialNumber: line.serialNumber, ...given({ replaces: line.replaces }) },
  ...given({ recovery: line.recovery && { id: line.recovery.id } }),
});

function recoveryDetailOf(origin: Origin, line: AuditLine): object {
  const { userName, userId, failure, ...told } = line.recovery ?? {};
  return {
    ...commonOf(origin, line),
    subject: { userName, userId },
    recovery: { ...told, ...given({ failure, removed: line.serialNumbers }) },
  };
}

function commonOf(origin: Origin, line: AuditLine) {
  const { time, requestId, changes, userName, userArn, sourceIp, system, result } = line;
  return {
    version: '1',
    ...origin,
    time,
    requestId,
    result,
    changes,
    actor: { name: userName ?? eventSource, ...given({ arn: userArn, sourceIp, system }) },
  };
}

/** Whoever did it, unless the service did and names the owner; then his name is in the path of his device. */
function ownerOf({ userName, userId, ownerId, serialNumber }: AuditLine): object {
  if (ownerId === undefined || ownerId === null) return { userName, userId };
  const [, pathName] = /:mfa\/self-service\/([^/]+)\/[^/]+$/.exec(serialNumber ?? '') ?? [];
  return { userName: pathName, userId: ownerId };
}

/** Only the members that have a value. */
const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));

const isArn = (text: string | null | undefined): text is string => text?.startsWith('arn:') === true;
