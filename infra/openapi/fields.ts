import type * as z from 'zod/mini';

/** What the document says of a member or parameter, by its name, or by its schema's name, a dot and its name. */
export interface Field {
  readonly description: string;
  /** Left out where the schema itself tells the value. */
  readonly example?: unknown;
  /** Of a parameter whose text the contract turns into a value of another type. */
  readonly schema?: z.core.JSONSchema.BaseSchema;
}

const recoveryIdField: Field = {
  description: "The recovery's id. It follows from its ticket.",
  example: 'mfzxi5dfonqxgzlsmruw24tjmj',
};

const recoveryExpiry: Field = {
  description: 'When it expires unless it has been approved.',
  example: '2026-11-09T09:20:00Z',
};

const subjectField: Field = { description: 'Whose devices are to go.', example: 'bob' };

export const fields: Readonly<Record<string, Field>> = {
  accessKeyId: { description: 'Begins with ASIA.', example: 'ASIAIOSFODNN7EXAMPLE' },
  accountId: { description: 'The AWS account of the API and its users.', example: '123456789012' },
  active: { description: 'How many devices are active, of every kind.', example: 1 },
  activeAccessKeys: { description: 'How many of the two access keys are active.', example: 1 },
  base32Seed: {
    description: 'The seed, in base32. It is shown once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  },
  code1: { description: 'A code of the device.', example: '287082' },
  code2: { description: 'The code that the device shows next.', example: '359152' },
  cursor: { description: 'Where to go on: `next` of the page before.', example: 'eyJvIjoxMDB9.c2lnbmF0dXJl' },
  deviceId: {
    description: "A device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  enabledAt: { description: 'When it was enabled; only of active devices.', example: '2026-11-02T09:15:00Z' },
  expiration: { description: 'When the session ends.', example: '2026-11-02T21:15:30Z' },
  expiresAt: {
    description: 'When it is deleted unless it is enabled before; only of pending devices.',
    example: '2026-11-02T10:10:00Z',
  },
  id: {
    description: "The device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  items: { description: 'What was found.' },
  key: { description: 'Key of a tag, once for each that is to be taken off.', example: 'department' },
  kind: { description: 'What it is. FIDO keys show no codes, so that they cannot be enabled here.' },
  label: { description: 'What you call the device.', example: 'The old phone' },
  limit: {
    description: 'How many there may be on the page.',
    example: 100,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  mfa: { description: 'How many MFA devices you have.' },
  mfaActive: { description: 'Whether the user has an MFA device of any kind.', example: false },
  name: { description: "The device's name.", example: 'phone' },
  next: {
    description: 'Where the list goes on, as `cursor`; not on its last page.',
    example: 'eyJvIjoxMDB9.c2lnbmF0dXJl',
  },
  openapi: { description: 'Version of the OpenAPI specification.', example: '3.1.0' },
  otpauthUri: {
    description:
      'What the QR code says: the seed with issuer and label, for authenticator apps. It is shown once.',
    example: 'otpauth://totp/AWS:alice%40123456789012%20(phone)?secret=JBSWY3DPEHPK3PXP&issuer=AWS',
  },
  pass: {
    description:
      'The enrolment pass of a user who needs one: after a recovery, or where everybody does. One that is sent is checked in any case.',
    example: 'k3zq-7abc-m2xd-qq4t-5yhn-w6pe',
  },
  passwordEnabled: { description: 'Whether the user can sign in to the console.', example: true },
  pending: { description: 'How many devices you have created here and not enabled yet.', example: 0 },
  presignedUrl: {
    description:
      'A GET of STS GetSessionToken with SerialNumber and TokenCode, signed in its query by the key that signs this call.',
    example:
      'https://sts.us-east-1.amazonaws.com/?Action=GetSessionToken&Version=2011-06-15&SerialNumber=arn%3Aaws%3Aiam' +
      '%3A%3A123456789012%3Amfa%2Fself-service%2Falice%2Fphone&TokenCode=287082&X-Amz-Algorithm=AWS4-HMAC-SHA256&…',
  },
  qrCode: {
    description: 'A PNG as data URL. It is shown once.',
    example: 'data:image/png;base64,iVBORw0KGgo…',
  },
  replaces: {
    description: 'Id of the device that is deactivated and deleted once this one is active.',
    example: 'old-phone',
  },
  reportAgeSeconds: { description: 'How old the credential report of IAM is.', example: 1260 },
  reportGeneratedAt: {
    description: 'When IAM made the credential report.',
    example: '2026-11-02T08:53:30Z',
  },
  secretAccessKey: {
    description: 'Of the session only.',
    example: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  serialNumber: {
    description: 'As AWS has it: an ARN, or what is printed on a hardware token.',
    example: 'arn:aws:iam::123456789012:mfa/self-service/alice/phone',
  },
  'EnableHardwareMfaDevice.serialNumber': {
    description: 'What is printed on the token.',
    example: 'GAHT12345678',
  },
  serverTime: { description: 'To see whether your clock is right.', example: '2026-11-02T09:14:30Z' },
  sessionToken: {
    description: 'To be sent with every request of the session.',
    example: 'IQoJb3JpZ2luX2VjE…',
  },
  status: { description: 'Whether it is enabled.' },
  'GetHealthOutput.status': { description: 'It answers.' },
  stepUpMaxAgeSeconds: { description: 'How long a session with MFA counts as recent.', example: 900 },
  stsEndpoint: {
    description: 'Where to sign a GetSessionToken request for.',
    example: 'https://sts.us-east-1.amazonaws.com',
  },
  tags: {
    description: "The owner's tags; those of the service are not among them.",
    example: { department: 'finance' },
  },
  usableForSessionsFrom: {
    description: 'From when on STS accepts its codes.',
    example: '2026-11-02T09:15:15Z',
  },
  virtualDevices: { description: 'How many virtual devices of the user are active now.', example: 0 },
  'ListUsers.mfa': { description: 'Which users: without MFA, with a device at least, or any.' },
  'ListUsersOutput.userArn': {
    description: "The user's ARN.",
    example: 'arn:aws:iam::123456789012:user/team/alice',
  },
  approvals: { description: 'Who has approved it so far.' },
  approvalsNeeded: { description: 'How many approvals it takes, with that for an objection.', example: 1 },
  closedAt: { description: 'When it was denied or cancelled.', example: '2026-11-02T09:40:00Z' },
  closedBy: { description: 'Who denied or cancelled it.', example: 'pat' },
  deviceIds: {
    description: 'Which of the active devices are to go; all of them without it.',
    example: 'phone',
  },
  devices: { description: 'The devices that it takes away.' },
  enrolmentPass: {
    description: 'What the user sends as `pass` to enrol again. It is shown once.',
    example: 'k3zq-7abc-m2xd-qq4t-5yhn-w6pe',
  },
  evidence: {
    description: 'How the help desk made sure who the user is.',
    example: 'Called back at the number in the directory; knew the manager.',
  },
  executedAt: { description: 'When the devices were gone.', example: '2026-11-02T09:40:04Z' },
  failure: {
    description:
      'Why it failed: the user is not the one of the request, has a device that was not there then, or has as many policies as AWS allows.',
  },
  objectedAt: { description: 'When its subject objected.', example: '2026-11-02T09:30:00Z' },
  reason: {
    description: 'What became of the devices. To `out_of_sync` the answer is how to resynchronise one.',
  },
  recoveryId: recoveryIdField,
  requestedAt: { description: 'When it was asked for.', example: '2026-11-02T09:20:00Z' },
  requestedBy: {
    description: 'Who asked for it: a user, a role session, or whom the ticketing system names.',
    example: 'ann',
  },
  state: { description: 'How far it is. Recoveries in one state are listed; `requested` by default.' },
  system: { description: 'The ticketing system.', example: 'servicenow' },
  ticket: { description: 'The ticket of the help desk; each can ask for one recovery.' },
  url: { description: 'Where the ticket can be read.', example: 'https://desk.example.com/INC0012345' },
  'Approval.at': { description: 'When it was approved.', example: '2026-11-02T09:40:00Z' },
  'Approval.by': { description: 'Who approved it.', example: 'pat' },
  'IssueEnrolmentPassOutput.expiresAt': {
    description: 'Until when the pass holds.',
    example: '2026-11-02T10:42:00Z',
  },
  'OwnRecovery.expiresAt': recoveryExpiry,
  'OwnRecovery.id': recoveryIdField,
  'OwnRecovery.userName': { description: 'Your user name.', example: 'bob' },
  'Recovery.expiresAt': recoveryExpiry,
  'Recovery.id': recoveryIdField,
  'Recovery.userName': subjectField,
  'RecoveryDevice.enabledAt': { description: 'When it was enabled.', example: '2026-01-15T08:00:00Z' },
  'ReceiveTicket.system': { description: 'How the ticketing system signs its webhooks.', example: 'jira' },
  'RecoveryRequest.userName': subjectField,
  'Ticket.id': { description: "The ticket's id in its system.", example: 'INC0012345' },
  userArn: { description: 'Your ARN, with your path.', example: 'arn:aws:iam::123456789012:user/team/alice' },
  userName: { description: 'Your user name.', example: 'alice' },
};

const unclosed = {
  state: 'executed',
  objectedAt: undefined,
  closedBy: undefined,
  closedAt: undefined,
  failure: undefined,
};

/** Members that examples of these schemas do not have, or have with another value. */
export const exampleOf: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreatedDevice: { enabledAt: undefined, status: 'pending' },
  Device: { expiresAt: undefined, status: 'active' },
  DeviceSummary: { status: 'active' },
  EnabledDevice: { status: 'active' },
  OwnRecovery: unclosed,
  Recovery: unclosed,
};
