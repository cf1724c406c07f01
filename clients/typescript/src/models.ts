// Generated from docs/openapi.json by `npm run client`. Do not edit.

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
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; active devices only. */
  readonly enabledAt?: string;
  /** What you call the device. */
  readonly label?: string;
  /** When it is deleted unless it is enabled first; pending devices only. */
  readonly expiresAt: string;
  /** The owner's tags, without those of the service. */
  readonly tags: Readonly<Record<string, string>>;
  /** The seed in base32. Shown only once. */
  readonly base32Seed: string;
  /** What the QR code contains: the seed with issuer and label, for authenticator apps. Shown only once. */
  readonly otpauthUri: string;
  /** A PNG as a data URL. Shown only once. */
  readonly qrCode: string;
}

export interface Device {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; active devices only. */
  readonly enabledAt?: string;
  /** What you call the device. */
  readonly label?: string;
  /** When it is deleted unless it is enabled first; pending devices only. */
  readonly expiresAt?: string;
  /** The owner's tags, without those of the service. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeviceSummary {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; active devices only. */
  readonly enabledAt?: string;
}

export interface EnabledDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; active devices only. */
  readonly enabledAt?: string;
  /** When STS starts to accept its codes. */
  readonly usableForSessionsFrom: string;
}

export interface GetHealthOutput {
  /** Always `ok`. */
  readonly status: 'ok';
}

export interface GetMeOutput {
  /** Your user name. */
  readonly userName: string;
  /** Your ARN, including its path. */
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
  /** The STS endpoint to sign GetSessionToken requests for. */
  readonly stsEndpoint: string;
  /** To check your own clock against. */
  readonly serverTime: string;
  /** For how long a session with MFA counts as recent. */
  readonly stepUpMaxAgeSeconds: number;
}

export interface GetOpenapiOutput {
  /** Version of the OpenAPI specification. */
  readonly openapi: string;
  readonly [member: string]: unknown;
}

export interface IssueEnrolmentPassOutput {
  /** What the user sends as `pass` to enrol again. Shown only once. */
  readonly enrolmentPass: string;
  /** When the pass expires. */
  readonly expiresAt: string;
}

export interface ListMfaDeviceTagsOutput {
  /** The owner's tags, without those of the service. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ListMfaDevicesOutput {
  /** The items of this page, or all of them. */
  readonly items: readonly DeviceSummary[];
  /** Send it as `cursor` to get the next page; absent on the last one. */
  readonly next?: string;
}

export interface ListMyRecoveriesOutput {
  /** The items of this page, or all of them. */
  readonly items: readonly OwnRecovery[];
  /** Send it as `cursor` to get the next page; absent on the last one. */
  readonly next?: string;
}

export interface ListRecoveriesOutput {
  /** The items of this page, or all of them. */
  readonly items: readonly Recovery[];
  /** Send it as `cursor` to get the next page; absent on the last one. */
  readonly next?: string;
}

export interface ListUserMfaDevicesOutput {
  /** The items of this page, or all of them. */
  readonly items: readonly DeviceSummary[];
}

export interface ListUsersOutput {
  /** When IAM generated the credential report. */
  readonly reportGeneratedAt: string;
  /** How old IAM's credential report is. */
  readonly reportAgeSeconds: number;
  /** The items of this page, or all of them. */
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
  /** The recovery's id, derived from its ticket. */
  readonly id: string;
  /** How far it has got. */
  readonly state: RecoveryState;
  /** The help desk ticket. Each can request one recovery. */
  readonly ticket: Ticket;
  /** Your user name. */
  readonly userName: string;
  /** What happened to the devices. `out_of_sync` is answered with how to resynchronise one. */
  readonly reason: RecoveryReason;
  /** Who requested it: a user, a role session, or the person named by the ticketing system. */
  readonly requestedBy: string;
  /** When it was requested. */
  readonly requestedAt: string;
  /** Who has approved it so far. */
  readonly approvals: readonly Approval[];
  /** How many approvals it needs, including one more after an objection. */
  readonly approvalsNeeded: number;
  /** When its subject objected. */
  readonly objectedAt?: string;
  /** Who denied or cancelled it. */
  readonly closedBy?: string;
  /** When it was denied or cancelled. */
  readonly closedAt?: string;
  /** When it expires unless it is approved first. */
  readonly expiresAt: string;
  /** When the devices had been removed. */
  readonly executedAt?: string;
  /**
   * Why it failed: the user is no longer the one of the request, or their policies leave no room for the
   * hold or the revocation of their sessions.
   */
  readonly failure?: RecoveryFailure;
  /** The devices to remove, as they were at the time of the request. */
  readonly devices: readonly RecoveryDevice[];
  /**
   * The devices that the execution has removed, or found removed already: those above, and any that
   * could have been enabled since.
   */
  readonly removedDevices?: readonly RemovedDevice[];
}

export interface Recovery {
  /** The recovery's id, derived from its ticket. */
  readonly id: string;
  /** How far it has got. */
  readonly state: RecoveryState;
  /** The help desk ticket. Each can request one recovery. */
  readonly ticket: Ticket;
  /** Whose devices are to be removed. */
  readonly userName: string;
  /** What happened to the devices. `out_of_sync` is answered with how to resynchronise one. */
  readonly reason: RecoveryReason;
  /** Who requested it: a user, a role session, or the person named by the ticketing system. */
  readonly requestedBy: string;
  /** When it was requested. */
  readonly requestedAt: string;
  /** Who has approved it so far. */
  readonly approvals: readonly Approval[];
  /** How many approvals it needs, including one more after an objection. */
  readonly approvalsNeeded: number;
  /** When its subject objected. */
  readonly objectedAt?: string;
  /** Who denied or cancelled it. */
  readonly closedBy?: string;
  /** When it was denied or cancelled. */
  readonly closedAt?: string;
  /** When it expires unless it is approved first. */
  readonly expiresAt: string;
  /** When the devices had been removed. */
  readonly executedAt?: string;
  /**
   * Why it failed: the user is no longer the one of the request, or their policies leave no room for the
   * hold or the revocation of their sessions.
   */
  readonly failure?: RecoveryFailure;
  /** The devices to remove, as they were at the time of the request. */
  readonly devices: readonly RecoveryDevice[];
  /**
   * The devices that the execution has removed, or found removed already: those above, and any that
   * could have been enabled since.
   */
  readonly removedDevices?: readonly RemovedDevice[];
  /** How the help desk verified the user's identity. */
  readonly evidence?: string;
}

export interface RecoveryDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** When it was enabled. */
  readonly enabledAt: string;
}

export type RecoveryFailure = 'user-changed' | 'policy-quota';

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

export interface RemovedDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** When it was enabled, unless IAM did not list it. */
  readonly enabledAt?: string;
  /** Whether it was enabled after the request, so that those who approved did not see it. */
  readonly addedSinceRequest: boolean;
}

export const requestedReasons = ['lost', 'stolen', 'broken', 'replaced', 'out_of_sync'] as const;
export type RequestedReason = (typeof requestedReasons)[number];

export interface ResyncedDevice {
  /** The device's id: its name, or ~ and the base64url of its serial number. */
  readonly id: string;
  /** The device's name. */
  readonly name: string;
  /** The kind of device. FIDO keys show no codes, so they cannot be enabled here. */
  readonly kind: 'virtual' | 'hardware-totp' | 'fido';
  /** As AWS knows it: an ARN, or the number printed on a hardware token. */
  readonly serialNumber: string;
  /** Whether it is enabled. */
  readonly status: 'pending' | 'active';
  /** When it was enabled; active devices only. */
  readonly enabledAt?: string;
  /** When STS starts to accept its codes. */
  readonly usableForSessionsFrom: string;
  /** When you can add, replace and remove devices again; left out if you can at once. */
  readonly changesAllowedFrom?: string;
}

export interface Session {
  /** Starts with ASIA. */
  readonly accessKeyId: string;
  /** Valid for this session only. */
  readonly secretAccessKey: string;
  /** Send it with every request that uses the session. */
  readonly sessionToken: string;
  /** When the session ends. */
  readonly expiration: string;
}

export interface TagMfaDeviceOutput {
  /** The owner's tags, without those of the service. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface Ticket {
  /** The name of the ticketing system. */
  readonly system: string;
  /** The ticket's id in its system. */
  readonly id: string;
  /** Where to read the ticket. */
  readonly url?: string;
}

export interface ApproveRecoveryInput {
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface CancelRecoveryInput {
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface CreateFirstMfaDeviceInput {
  /** The device's name. */
  readonly name: string;
  /** What you call the device. */
  readonly label?: string | undefined;
  /**
   * The enrolment pass of a user who needs one: after a recovery, or where everyone does. If sent, it is
   * always checked.
   */
  readonly pass?: string | undefined;
}

export interface CreateMfaDeviceInput {
  /** The device's name. */
  readonly name: string;
  /** What you call the device. */
  readonly label?: string | undefined;
}

export interface CreateSessionInput {
  /**
   * A GET of STS GetSessionToken with SerialNumber and TokenCode, presigned with the access key that
   * signs this call.
   */
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
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface EnableFirstMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** A code of the device. */
  readonly code1: string;
  /** The code that the device shows next. */
  readonly code2: string;
  /**
   * The enrolment pass of a user who needs one: after a recovery, or where everyone does. If sent, it is
   * always checked.
   */
  readonly pass?: string | undefined;
}

export interface EnableHardwareMfaDeviceInput {
  /** The number printed on the token. */
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
  /** Id of the device to deactivate and delete once this one is active. */
  readonly replaces?: string | undefined;
}

export interface GetMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface GetRecoveryInput {
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface IssueEnrolmentPassInput {
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface ListMfaDeviceTagsInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
}

export interface ListMfaDevicesInput {
  /** How many items the page may have. */
  readonly limit?: number | undefined;
  /** Where to continue: `next` of the previous page. */
  readonly cursor?: string | undefined;
}

export interface ListMyRecoveriesInput {
  /** How many items the page may have. */
  readonly limit?: number | undefined;
  /** Where to continue: `next` of the previous page. */
  readonly cursor?: string | undefined;
}

export interface ListRecoveriesInput {
  /** How many items the page may have. */
  readonly limit?: number | undefined;
  /** Where to continue: `next` of the previous page. */
  readonly cursor?: string | undefined;
  /** The state of the recoveries to list. */
  readonly state?: RecoveryState | undefined;
}

export interface ListUserMfaDevicesInput {
  /** Your user name. */
  readonly userName: string;
}

export interface ListUsersInput {
  /** Which users: those without MFA, those with at least one device, or all. */
  readonly mfa?: 'none' | 'some' | 'any' | undefined;
}

export interface ObjectToRecoveryInput {
  /** The recovery's id, derived from its ticket. */
  readonly recoveryId: string;
}

export interface RequestRecoveryInput {
  /** The help desk ticket. Each can request one recovery. */
  readonly ticket: Ticket;
  /** Whose devices are to be removed. */
  readonly userName: string;
  /** What happened to the devices. `out_of_sync` is answered with how to resynchronise one. */
  readonly reason: RequestedReason;
  /** Which active devices to remove; all of them if omitted. */
  readonly deviceIds?: readonly string[] | undefined;
  /** How the help desk verified the user's identity. */
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
  /** The owner's tags, without those of the service. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface UntagMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** Key of a tag to remove; repeat the parameter for more. */
  readonly key: readonly string[];
}

export interface UpdateMfaDeviceInput {
  /** A device's id: its name, or ~ and the base64url of its serial number. */
  readonly deviceId: string;
  /** What you call the device. */
  readonly label: string | null;
}
