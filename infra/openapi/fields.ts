import type * as z from 'zod/mini';

/** What the document says about a member or parameter. Its key is its name, or `<schema>.<name>`. */
export interface Field {
  readonly description: string;
  /** Omitted where the schema itself implies a value. */
  readonly example?: unknown;
  /** For a parameter whose text the contract parses into another type. */
  readonly schema?: z.core.JSONSchema.BaseSchema;
}

const recoveryIdField: Field = {
  description: "The recovery's id, derived from its ticket.",
  example: 'mfzxi5dfonqxgzlsmruw24tjmj',
};

const recoveryExpiry: Field = {
  description: 'When it expires unless it is approved first.',
  example: '2026-11-09T09:20:00Z',
};

const subjectField: Field = { description: 'Whose devices are to be removed.', example: 'bob' };

export const fields: Readonly<Record<string, Field>> = {
  accessKeyId: { description: 'Starts with ASIA.', example: 'ASIAIOSFODNN7EXAMPLE' },
  accountId: { description: 'The AWS account of the API and its users.', example: '123456789012' },
  active: { description: 'How many devices are active, of every kind.', example: 1 },
  activeAccessKeys: { description: "How many of the user's two access keys are active.", example: 1 },
  base32Seed: {
    description: 'The seed in base32. Shown only once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  },
  changesAllowedFrom: {
    description: 'When you can add, replace and remove devices again; left out if you can at once.',
    example: '2026-11-03T09:15:00Z',
  },
  code1: { description: 'A code of the device.', example: '287082' },
  code2: { description: 'The code that the device shows next.', example: '359152' },
  cursor: {
    description: 'Where to continue: `next` of the previous page.',
    example: 'eyJvIjoxMDB9.c2lnbmF0dXJl',
  },
  deviceId: {
    description: "A device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  enabledAt: { description: 'When it was enabled; active devices only.', example: '2026-11-02T09:15:00Z' },
  expiration: { description: 'When the session ends.', example: '2026-11-02T21:15:30Z' },
  expiresAt: {
    description: 'When it is deleted unless it is enabled first; pending devices only.',
    example: '2026-11-02T10:10:00Z',
  },
  id: {
    description: "The device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  items: { description: 'The items of this page, or all of them.' },
  key: { description: 'Key of a tag to remove; repeat the parameter for more.', example: 'department' },
  kind: { description: 'The kind of device. FIDO keys show no codes, so they cannot be enabled here.' },
  label: { description: 'What you call the device.', example: 'The old phone' },
  limit: {
    description: 'How many items the page may have.',
    example: 100,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  mfa: { description: 'How many MFA devices you have.' },
  mfaActive: { description: 'Whether the user has an MFA device of any kind.', example: false },
  name: { description: "The device's name.", example: 'phone' },
  next: {
    description: 'Send it as `cursor` to get the next page; absent on the last one.',
    example: 'eyJvIjoxMDB9.c2lnbmF0dXJl',
  },
  openapi: { description: 'Version of the OpenAPI specification.', example: '3.1.0' },
  otpauthUri: {
    description:
      'What the QR code contains: the seed with issuer and label, for authenticator apps. Shown only once.',
    example: 'otpauth://totp/AWS:alice%40123456789012%20(phone)?secret=JBSWY3DPEHPK3PXP&issuer=AWS',
  },
  pass: {
    description:
      'The enrolment pass of a user who needs one: after a recovery, or where everyone does. If sent, it is always ' +
      'checked.',
    example: 'k3zq-7abc-m2xd-qq4t-5yhn-w6pe',
  },
  passwordEnabled: { description: 'Whether the user can sign in to the console.', example: true },
  pending: { description: 'How many devices you have created here and not enabled yet.', example: 0 },
  presignedUrl: {
    description:
      'A GET of STS GetSessionToken with SerialNumber and TokenCode, presigned with the access key that signs this ' +
      'call.',
    example:
      'https://sts.us-east-1.amazonaws.com/?Action=GetSessionToken&Version=2011-06-15&SerialNumber=arn%3Aaws%3Aiam' +
      '%3A%3A123456789012%3Amfa%2Fself-service%2Falice%2Fphone&TokenCode=287082&X-Amz-Algorithm=AWS4-HMAC-SHA256&…',
  },
  qrCode: {
    description: 'A PNG as a data URL. Shown only once.',
    example: 'data:image/png;base64,iVBORw0KGgo…',
  },
  replaces: {
    description: 'Id of the device to deactivate and delete once this one is active.',
    example: 'old-phone',
  },
  reportAgeSeconds: { description: "How old IAM's credential report is.", example: 1260 },
  reportGeneratedAt: {
    description: 'When IAM generated the credential report.',
    example: '2026-11-02T08:53:30Z',
  },
  secretAccessKey: {
    description: 'Valid for this session only.',
    example: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  serialNumber: {
    description: 'As AWS knows it: an ARN, or the number printed on a hardware token.',
    example: 'arn:aws:iam::123456789012:mfa/self-service/alice/phone',
  },
  'EnableHardwareMfaDevice.serialNumber': {
    description: 'The number printed on the token.',
    example: 'GAHT12345678',
  },
  serverTime: { description: 'To check your own clock against.', example: '2026-11-02T09:14:30Z' },
  sessionToken: {
    description: 'Send it with every request that uses the session.',
    example: 'IQoJb3JpZ2luX2VjE…',
  },
  status: { description: 'Whether it is enabled.' },
  'GetHealthOutput.status': { description: 'Always `ok`.' },
  stepUpMaxAgeSeconds: { description: 'For how long a session with MFA counts as recent.', example: 900 },
  stsEndpoint: {
    description: 'The STS endpoint to sign GetSessionToken requests for.',
    example: 'https://sts.us-east-1.amazonaws.com',
  },
  tags: {
    description: "The owner's tags, without those of the service.",
    example: { department: 'finance' },
  },
  usableForSessionsFrom: {
    description: 'When STS starts to accept its codes.',
    example: '2026-11-02T09:15:15Z',
  },
  virtualDevices: { description: 'How many virtual devices of the user are active now.', example: 0 },
  'ListUsers.mfa': { description: 'Which users: those without MFA, those with at least one device, or all.' },
  'ListUsersOutput.userArn': {
    description: "The user's ARN.",
    example: 'arn:aws:iam::123456789012:user/team/alice',
  },
  approvals: { description: 'Who has approved it so far.' },
  approvalsNeeded: {
    description: 'How many approvals it needs, including one more after an objection.',
    example: 1,
  },
  closedAt: { description: 'When it was denied or cancelled.', example: '2026-11-02T09:40:00Z' },
  closedBy: { description: 'Who denied or cancelled it.', example: 'pat' },
  deviceIds: {
    description: 'Which active devices to remove; all of them if omitted.',
    example: 'phone',
  },
  addedSinceRequest: {
    description: 'Whether it was enabled after the request, so that those who approved did not see it.',
    example: false,
  },
  devices: { description: 'The devices to remove, as they were at the time of the request.' },
  enrolmentPass: {
    description: 'What the user sends as `pass` to enrol again. Shown only once.',
    example: 'k3zq-7abc-m2xd-qq4t-5yhn-w6pe',
  },
  evidence: {
    description: "How the help desk verified the user's identity.",
    example: 'Called back at the number in the directory; knew the manager.',
  },
  executedAt: { description: 'When the devices had been removed.', example: '2026-11-02T09:40:04Z' },
  failure: {
    description:
      'Why it failed: the user is no longer the one of the request, or their policies leave no room for the hold or ' +
      'the revocation of their sessions.',
  },
  objectedAt: { description: 'When its subject objected.', example: '2026-11-02T09:30:00Z' },
  reason: {
    description: 'What happened to the devices. `out_of_sync` is answered with how to resynchronise one.',
  },
  recoveryId: recoveryIdField,
  removedDevices: {
    description:
      'The devices that the execution has removed, or found removed already: those above, and any that could have been ' +
      'enabled since.',
  },
  requestedAt: { description: 'When it was requested.', example: '2026-11-02T09:20:00Z' },
  requestedBy: {
    description: 'Who requested it: a user, a role session, or the person named by the ticketing system.',
    example: 'ann',
  },
  state: { description: 'How far it has got.' },
  'ListRecoveries.state': { description: 'The state of the recoveries to list.' },
  system: { description: 'The name of the ticketing system.', example: 'servicenow' },
  ticket: { description: 'The help desk ticket. Each can request one recovery.' },
  url: { description: 'Where to read the ticket.', example: 'https://desk.example.com/INC0012345' },
  'Approval.at': { description: 'When it was approved.', example: '2026-11-02T09:40:00Z' },
  'Approval.by': { description: 'Who approved it.', example: 'pat' },
  'IssueEnrolmentPassOutput.expiresAt': {
    description: 'When the pass expires.',
    example: '2026-11-02T10:42:00Z',
  },
  'OwnRecovery.expiresAt': recoveryExpiry,
  'OwnRecovery.id': recoveryIdField,
  'OwnRecovery.userName': { description: 'Your user name.', example: 'bob' },
  'Recovery.expiresAt': recoveryExpiry,
  'Recovery.id': recoveryIdField,
  'Recovery.userName': subjectField,
  'RecoveryDevice.enabledAt': { description: 'When it was enabled.', example: '2026-01-15T08:00:00Z' },
  'RemovedDevice.enabledAt': {
    description: 'When it was enabled, unless IAM did not list it.',
    example: '2026-01-15T08:00:00Z',
  },
  'ReceiveTicket.system': { description: 'How the ticketing system signs its webhooks.', example: 'jira' },
  'RecoveryRequest.userName': subjectField,
  'Ticket.id': { description: "The ticket's id in its system.", example: 'INC0012345' },
  userArn: {
    description: 'Your ARN, including its path.',
    example: 'arn:aws:iam::123456789012:user/team/alice',
  },
  userName: { description: 'Your user name.', example: 'alice' },
};

const unclosed = {
  state: 'executed',
  objectedAt: undefined,
  closedBy: undefined,
  closedAt: undefined,
  failure: undefined,
};

/** Members that the examples of these schemas leave out, or have with another value. */
export const exampleOf: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreatedDevice: { enabledAt: undefined, status: 'pending' },
  Device: { expiresAt: undefined, status: 'active' },
  DeviceSummary: { status: 'active' },
  EnabledDevice: { status: 'active' },
  OwnRecovery: unclosed,
  Recovery: unclosed,
};
