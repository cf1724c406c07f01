/** Why a change of the deployment shows in none of the answers to verification. */
type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

const closed = 'no request from outside executes a recovery, which would cost the user their devices';
const first = 'a user with a device, as verification needs, is refused before anything else';
const inactive = 'verification activates no device';
const pass = 'it is written only for users who enrolled with a pass';
const unsigned = 'nobody but the ticketing system can sign a webhook';
const locking = 'a failure would bar the user from changing devices for a day';
const alike = 'the other of the two statements refuses the same callers';

/** Of the resource policy, by the mutant. */
export const unseenStatements: Readonly<Record<string, string>> = {
  'DenyUsersWithoutMfa: removed': alike,
  'DenyUsersWithoutMfa: without each of its resources': alike,
  'DenyUsersWithoutMfa: Bool instead of BoolIfExists': alike,
  'DenyUsersWithOldMfa: NumericGreaterThan instead of NumericGreaterThanIfExists': alike,
};

/** Routes of the policy of users. */
export const unseenOfSelfService: Readonly<Record<string, string>> = {
  '*/v1/hardware-mfa-devices': 'no operation has this path',
};

/** Gateway responses, by their type. */
export const unseenResponses: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'only authorizers bring it about, of which the API has none',
  WAF_FILTERED: 'only a web ACL brings it about',
  THROTTLED: 'it would take a flood of requests',
  QUOTA_EXCEEDED: 'only usage plans bring it about, of which the API has none',
  RESOURCE_NOT_FOUND: 'API Gateway answers unknown routes as if a signature were missing',
  INTEGRATION_FAILURE: 'no request makes a function fail',
  INTEGRATION_TIMEOUT: 'no request makes a function take that long',
  DEFAULT_5XX: 'no request makes API Gateway fail',
};

/** What functions' own roles grant, by function and statement, or attribute of the table's items. */
export const unseenOfFunctions: Reasons = {
  'approve-recovery': {
    ChangeUnderLease: closed,
    StartExecution: closed,
  },
  'create-first-mfa-device': { ChangeUnderLease: first },
  'create-mfa-device': { 'ChangeUnderLease: without pass': pass },
  'deactivate-mfa-device': {
    'ChangeUnderLease: without creations': inactive,
    'ChangeUnderLease: without recent': inactive,
  },
  'delete-mfa-device': {
    'ChangeUnderLease: without pass': pass,
    'ChangeUnderLease: without creations': inactive,
    'ChangeUnderLease: without recent': inactive,
  },
  'enable-first-mfa-device': { ChangeUnderLease: first, CountCodes: first },
  'enable-mfa-device': {
    'ChangeUnderLease: without pass': pass,
    'ChangeUnderLease: without creations': inactive,
  },
  'issue-enrolment-pass': { AssumeAuditRole: closed, ChangeUnderLease: closed },
  'receive-ticket': {
    AssumeAuditRole: unsigned,
    ReadGuards: unsigned,
    CountRequests: unsigned,
    ReadRecoveries: unsigned,
    WriteRecoveries: unsigned,
    FindRecoveries: unsigned,
  },
  'request-recovery': { ReadGuards: 'it is read for users without a device only' },
  'resync-only-mfa-device': {
    ChangeUnderLease: locking,
    CountCodes: locking,
  },
};

/** What roles that functions assume grant. */
export const unseenOfAssumedRoles: Reasons = {
  device: {
    'iam:DeactivateMFADevice': inactive,
    'iam:ListVirtualMFADevices': 'it is asked only after an answer of IAM was lost',
    'iam:DetachUserPolicy': closed,
  },
};
