import { type DeviceEvent, eventSource, type RecoveryEvent } from '../contract/events/detail-types.ts';
import { type ServiceEvent, serviceEvent } from '../contract/events/schemas.ts';
import type { AuditAction } from '../contract/operation.ts';
import { type AuditLine, auditLine } from './audit-line.ts';

/** At least one of `calls` must have been made to IAM; others, such as those for tags, make no event. */
interface DeviceKind {
  readonly device: DeviceEvent;
  readonly calls: readonly string[];
}

interface RecoveryKind {
  readonly recovery: (line: AuditLine) => RecoveryEvent;
}

const device = (name: DeviceEvent, ...calls: readonly string[]): DeviceKind => ({ device: name, calls });
const recovery = (name: RecoveryEvent): RecoveryKind => ({ recovery: () => name });

/** The event of each action. Sessions change no factor, so they make none. */
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
  'resync-with-access-key': device('MFA Device Resynchronised With Access Key', 'ResyncMFADevice'),
  'label-device': device('MFA Device Labelled', 'TagMFADevice', 'UntagMFADevice'),
  'tag-device': device('MFA Device Tagged', 'TagMFADevice'),
  'untag-device': device('MFA Device Untagged', 'UntagMFADevice'),
  'issue-session': undefined,
  'delete-expired-enrolment': device('MFA Device Enrolment Expired', 'DeleteVirtualMFADevice'),
  'end-expiry': undefined,
  'request-recovery': recovery('MFA Recovery Requested'),
  'approve-recovery': recovery('MFA Recovery Approved'),
  'deny-recovery': recovery('MFA Recovery Denied'),
  'cancel-recovery': recovery('MFA Recovery Cancelled'),
  'object-to-recovery': recovery('MFA Recovery Objected'),
  'expire-recovery': recovery('MFA Recovery Expired'),
  'execute-recovery': { recovery: executionEvent },
  'end-revocation': recovery('MFA Recovery Revocation Ended'),
  'reconcile-hold': undefined,
  'issue-enrolment-pass': recovery('MFA Enrolment Pass Issued'),
};

/** The recovery's state shows how far an execution got before it ended, paused or failed. */
function executionEvent({ recovery }: AuditLine): RecoveryEvent {
  if (recovery?.state === 'executed') return 'MFA Recovery Executed';
  return recovery?.state === 'failed' ? 'MFA Recovery Failed' : 'MFA Recovery Executing';
}

const isAction = (action: string): action is AuditAction => Object.hasOwn(kinds, action);

/** An event, and the AWS resources that it is about. */
export interface LineEvent {
  readonly event: ServiceEvent;
  /** ARNs of the actor and the device, as far as the line has them. */
  readonly resources: readonly string[];
}

/**
 * The event of an audit line; undefined if nothing was changed. Throws for anything but an audit line, and for one that
 * cannot be made into an event.
 * @param id the line's id in its log, by which consumers recognise a repeated event
 * @param stage the stage of the function that wrote the line
 */
export function eventOfLine(id: string, stage: string, content: unknown): LineEvent | undefined {
  const line = auditLine.parse(content);
  if (line.result === 'refused' || line.result === 'unchanged') return undefined;
  if (!isAction(line.action)) throw new Error('An audit line has an unknown action');
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

/** What a line does not say about itself. */
interface Origin {
  readonly id: string;
  readonly stage: string;
}

/** JSON drops undefined members, and the schema refuses a detail that lacks any it needs. */
const deviceDetailOf = (origin: Origin, line: AuditLine): object => ({
  ...commonOf(origin, line),
  subject: ownerOf(line),
  device: { serialNumber: line.serialNumber, ...given({ replaces: line.replaces }) },
  ...given({ recovery: line.recovery && { id: line.recovery.id } }),
});

function recoveryDetailOf(origin: Origin, line: AuditLine): object {
  const { userName, userId, failure, ...facts } = line.recovery ?? {};
  return {
    ...commonOf(origin, line),
    subject: { userName, userId },
    recovery: { ...facts, ...given({ failure, removed: line.serialNumbers }) },
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

/** The actor, unless the service acted for an owner: then their name comes from the path of the device. */
function ownerOf({ userName, userId, ownerId, serialNumber }: AuditLine): object {
  if (ownerId === undefined || ownerId === null) return { userName, userId };
  const [, pathName] = /:mfa\/self-service\/([^/]+)\/[^/]+$/.exec(serialNumber ?? '') ?? [];
  return { userName: pathName, userId: ownerId };
}

/** Only the members that have a value. */
const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));

const isArn = (text: string | null | undefined): text is string => text?.startsWith('arn:') === true;
