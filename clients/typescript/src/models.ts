// Made from docs/openapi.json by `npm run client`; not to be edited.

export interface Approval {
  /** Who approved it. */
  readonly by: string;
  /** When it was approved. */
  readonly at: string;
}

export interface CreatedDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** What it is. FIDO keys show no codes, so that they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS has it: an ARN, or what is printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; only of active devices. */
  readonly enabledAt?: string;
  /** What you call the device. */
  readonly label?: string;
  /** When it is deleted unless it is enabled before; only of pending devices. */
  readonly expiresAt: string;
  /** The owner's tags; those of the service are not among them. */
  readonly tags: Readonly<Record<string, string>>;
  /** The seed, in base32. It is shown once. */
  readonly base32Seed: string;
  /** What the QR code says: the seed with issuer and label, for authenticator apps. It is shown once. */
  readonly otpauthUri: string;
  /** A PNG as data URL. It is shown once. */
  readonly qrCode: string;
}

export interface Device {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** What it is. FIDO keys show no codes, so that they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS has it: an ARN, or what is printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; only of active devices. */
  readonly enabledAt?: string;
  /** What you call the device. */
  readonly label?: string;
  /** When it is deleted unless it is enabled before; only of pending devices. */
  readonly expiresAt?: string;
  /** The owner's tags; those of the service are not among them. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeviceSummary {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** What it is. FIDO keys show no codes, so that they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS has it: an ARN, or what is printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; only of active devices. */
  readonly enabledAt?: string;
}

export interface EnabledDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** What it is. FIDO keys show no codes, so that they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS has it: an ARN, or what is printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; only of active devices. */
  readonly enabledAt?: string;
  /** From when on STS accepts its codes. */
  readonly usableForSessionsFrom: string;
}

export interface GetHealthOutput {
  /** It answers. */
  readonly status: 'ok';
}

export interface GetMeOutput {
  /** Your user name. */
  readonly userName: string;
  /** Your ARN, with your path. */
  readonly userArn: string;
  /** The AWS account of the API and its users. */
  readonly accountId: string;
  /** How many MFA devices you have. */
  readonly mfa: {
    /** How many devices are active, of every kind. */
    readonly active: number;
    /** How many devices you have created here and not enabled yet. */
    readonly pending: number;
  };
  /** Where to sign a GetSessionToken request for. */
  readonly stsEndpoint: string;
  /** To see whether your clock is right. */
  readonly serverTime: string;
  /** How long a session with MFA counts as recent. */
  readonly stepUpMaxAgeSeconds: number;
}

export interface GetOpenapiOutput {
  /** Version of the OpenAPI specification. */
  readonly openapi: string;
  readonly [member: string]: unknown;
}

export interface IssueEnrolmentPassOutput {
  /** What the user sends as `pass` to enrol again. It is shown once. */
  readonly enrolmentPass: string;
  /** Until when the pass holds. */
  readonly expiresAt: string;
}

export interface ListMfaDeviceTagsOutput {
  /** The owner's tags; those of the service are not among them. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ListMfaDevicesOutput {
  /** What was found. */
  readonly items: readonly DeviceSummary[];
  /** Where the list goes on, as `cursor`; not on its last page. */
  readonly next?: string;
}

export interface ListMyRecoveriesOutput {
  /** What was found. */
  readonly items: readonly OwnRecovery[];
  /** Where the list goes on, as `cursor`; not on its last page. */
  readonly next?: string;
}

export interface ListRecoveriesOutput {
  /** What was found. */
  readonly items: readonly Recovery[];
  /** Where the list goes on, as `cursor`; not on its last page. */
  readonly next?: string;
}

export interface ListUserMfaDevicesOutput {
  /** What was found. */
  readonly items: readonly DeviceSummary[];
}

export interface ListUsersOutput {
  /** When IAM made the credential report. */
  readonly reportGeneratedAt: string;
  /** How old the credential report of IAM is. */
  readonly reportAgeSeconds: number;
  /** What was found. */
  readonly items: readonly {
    readonly userName: string;
    readonly userArn: string;
    readonly mfaActive: boolean;
    readonly virtualDevices: number;
    readonly passwordEnabled: boolean;
    readonly activeAccessKeys: number;
  }[];
}

export interface OwnRecovery {
  /** The recovery's id. It follows from its ticket. */
  readonly id: string;
  /** How far it is. Recoveries in one state are listed; `requested` by default. */
  readonly state: RecoveryState;
  /** The ticket of the help desk; each can ask for one recovery. */
  readonly ticket: Ticket;
  /** Your user name. */
  readonly userName: string;
  /** What became of the devices. To `out_of_sync` the answer is how to resynchronise one. */
  readonly reason: RecoveryReason;
  /** Who asked for it: a user, a role session, or whom the ticketing system names. */
  readonly requestedBy: string;
  /** When it was asked for. */
  readonly requestedAt: string;
  /** Who has approved it so far. */
  readonly approvals: readonly Approval[];
  /** How many approvals it takes, with that for an objection. */
  readonly approvalsNeeded: number;
  /** When its subject objected. */
  readonly objectedAt?: string;
  /** Who denied or cancelled it. */
  readonly closedBy?: string;
  /** When it was denied or cancelled. */
  readonly closedAt?: string;
  /** When it expires unless it has been approved. */
  readonly expiresAt: string;
  /** When the devices were gone. */
  readonly executedAt?: string;
  /** Why it failed: the user is not the one of the request, has a device that was not there then, or has as many policies as AWS allows. */
  readonly failure?: RecoveryFailure;
  /** The devices that it takes away. */
  readonly devices: readonly RecoveryDevice[];
}

export interface Recovery {
  /** The recovery's id. It follows from its ticket. */
  readonly id: string;
  /** How far it is. Recoveries in one state are listed; `requested` by default. */
  readonly state: RecoveryState;
  /** The ticket of the help desk; each can ask for one recovery. */
  readonly ticket: Ticket;
  /** Whose devices are to go. */
  readonly userName: string;
  /** What became of the devices. To `out_of_sync` the answer is how to resynchronise one. */
  readonly reason: RecoveryReason;
  /** Who asked for it: a user, a role session, or whom the ticketing system names. */
  readonly requestedBy: string;
  /** When it was asked for. */
  readonly requestedAt: string;
  /** Who has approved it so far. */
  readonly approvals: readonly Approval[];
  /** How many approvals it takes, with that for an objection. */
  readonly approvalsNeeded: number;
  /** When its subject objected. */
  readonly objectedAt?: string;
  /** Who denied or cancelled it. */
  readonly closedBy?: string;
  /** When it was denied or cancelled. */
  readonly closedAt?: string;
  /** When it expires unless it has been approved. */
  readonly expiresAt: string;
  /** When the devices were gone. */
  readonly executedAt?: string;
  /** Why it failed: the user is not the one of the request, has a device that was not there then, or has as many policies as AWS allows. */
  readonly failure?: RecoveryFailure;
  /** The devices that it takes away. */
  readonly devices: readonly RecoveryDevice[];
  /** How the help desk made sure who the user is. */
  readonly evidence?: string;
}

export interface RecoveryDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** What it is. FIDO keys show no codes, so that they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS has it: an ARN, or what is printed on a hardware token. */
  readonly serialNumber: string;
  /** When it was enabled. */
  readonly enabledAt: string;
}

export type RecoveryFailure = 'user-changed' | 'device-added' | 'policy-quota';

export type RecoveryReason = 'lost' | 'stolen' | 'broken' | 'replaced';

export const recoveryStates = [
  'requested',
  'objected',
  'approved',
  'executing',
  'executed',
  'denied',
  'cancelled',
  'expired',
  'failed',
] as const;
export type RecoveryState = (typeof recoveryStates)[number];

export const requestedReasons = ['lost', 'stolen', 'broken', 'replaced', 'out_of_sync'] as const;
export type RequestedReason = (typeof requestedReasons)[number];

export interface Session {
  /** Begins with ASIA. */
  readonly accessKeyId: string;
  /** Of the session only. */
  readonly secretAccessKey: string;
  /** To be sent with every request of the session. */
  readonly sessionToken: string;
  /** When the session ends. */
  readonly expiration: string;
}

export interface TagMfaDeviceOutput {
  /** The owner's tags; those of the service are not among them. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface Ticket {
  /** The ticketing system. */
  readonly system: string;
  /** The ticket's id in its system. */
  readonly id: string;
  /** Where the ticket can be read. */
  readonly url?: string;
}

export interface ApproveRecoveryInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface CancelRecoveryInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface CreateFirstMfaDeviceInput {
  /** The device's name. */
  readonly name: string;
  /** What you call the device. */
  readonly label?: string | undefined;
  /** The enrolment pass of a user who needs one: after a recovery, or where everybody does. One that is sent is checked in any case. */
  readonly pass?: string | undefined;
}

export interface CreateMfaDeviceInput {
  /** The device's name. */
  readonly name: string;
  /** What you call the device. */
  readonly label?: string | undefined;
}

export interface CreateSessionInput {
  /** A GET of STS GetSessionToken with SerialNumber and TokenCode, signed in its query by the key that signs this call. */
  readonly presignedUrl: string;
}

export interface DeactivateMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface DeleteMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface DenyRecoveryInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface EnableFirstMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
  /** The enrolment pass of a user who needs one: after a recovery, or where everybody does. One that is sent is checked in any case. */
  readonly pass?: string | undefined;
}

export interface EnableHardwareMfaDeviceInput {
  /** What is printed on the token. */
  readonly serialNumber: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
}

export interface EnableMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
  /** Id of the device that is deactivated and deleted once this one is active. */
  readonly replaces?: string | undefined;
}

export interface GetMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface GetRecoveryInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface IssueEnrolmentPassInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface ListMfaDeviceTagsInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface ListMfaDevicesInput {
  /** How many there may be on the page. */
  readonly limit?: number | undefined;
  /** Where to go on: `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface ListMyRecoveriesInput {
  /** How many there may be on the page. */
  readonly limit?: number | undefined;
  /** Where to go on: `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface ListRecoveriesInput {
  /** How many there may be on the page. */
  readonly limit?: number | undefined;
  /** Where to go on: `next` of the page before. */
  readonly cursor?: string | undefined;
  /** How far it is. Recoveries in one state are listed; `requested` by default. */
  readonly state?: RecoveryState | undefined;
}

export interface ListUserMfaDevicesInput {
  /** Your user name. */
  readonly userName: string;
}

export interface ListUsersInput {
  /** Which users: without MFA, with a device at least, or any. */
  readonly mfa?: 'none' | 'some' | 'any' | undefined;
}

export interface ObjectToRecoveryInput {
  /** The recovery's id. It follows from its ticket. */
  readonly recoveryId: string;
}

export interface RequestRecoveryInput {
  /** The ticket of the help desk; each can ask for one recovery. */
  readonly ticket: Ticket;
  /** Whose devices are to go. */
  readonly userName: string;
  /** What became of the devices. To `out_of_sync` the answer is how to resynchronise one. */
  readonly reason: RequestedReason;
  /** Which of the active devices are to go; all of them without it. */
  readonly deviceIds?: readonly string[] | undefined;
  /** How the help desk made sure who the user is. */
  readonly evidence?: string | undefined;
}

export interface ResyncMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
}

export interface ResyncOnlyMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
}

export interface TagMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** The owner's tags; those of the service are not among them. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface UntagMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** Key of a tag, once for each that is to be taken off. */
  readonly key: readonly string[];
}

export interface UpdateMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** What you call the device. */
  readonly label: string | null;
}
