/** The `source` of this service's events on EventBridge. */
export const eventSource = 'mfa-self-service';

/** Detail types of events about a device. */
export const deviceEvents = [
  'MFA Device Enrolment Started',
  'MFA Device Enrolment Expired',
  'MFA Device Enabled',
  'MFA Device Deactivated',
  'MFA Device Deleted',
  'MFA Device Resynchronised',
  'MFA Device Resynchronised With Access Key',
  'MFA Device Labelled',
  'MFA Device Tagged',
  'MFA Device Untagged',
] as const;

/** Detail types of events about a recovery. */
export const recoveryEvents = [
  'MFA Recovery Requested',
  'MFA Recovery Approved',
  'MFA Recovery Denied',
  'MFA Recovery Cancelled',
  'MFA Recovery Objected',
  'MFA Recovery Expired',
  'MFA Recovery Executing',
  'MFA Recovery Executed',
  'MFA Recovery Failed',
  'MFA Recovery Revocation Ended',
  'MFA Enrolment Pass Issued',
] as const;

export type DeviceEvent = (typeof deviceEvents)[number];
export type RecoveryEvent = (typeof recoveryEvents)[number];
export type DetailType = DeviceEvent | RecoveryEvent;

/** Events that the subject is e-mailed about: their factors changed, or someone decided on them. */
export const noticeEvents = [
  'MFA Device Enabled',
  'MFA Device Deactivated',
  'MFA Device Deleted',
  'MFA Device Resynchronised',
  'MFA Device Resynchronised With Access Key',
  'MFA Recovery Requested',
  'MFA Recovery Approved',
  'MFA Recovery Denied',
  'MFA Recovery Cancelled',
  'MFA Recovery Objected',
  'MFA Recovery Expired',
  'MFA Recovery Executed',
  'MFA Recovery Failed',
  'MFA Enrolment Pass Issued',
] as const satisfies readonly DetailType[];

export type NoticeEvent = (typeof noticeEvents)[number];

/** Events that a ticketing system is told of: every outcome, and objections, which the help desk may explain. */
export const outcomeEvents = [
  'MFA Recovery Objected',
  'MFA Recovery Executed',
  'MFA Recovery Denied',
  'MFA Recovery Cancelled',
  'MFA Recovery Expired',
  'MFA Recovery Failed',
] as const satisfies readonly RecoveryEvent[];

export type OutcomeEvent = (typeof outcomeEvents)[number];
