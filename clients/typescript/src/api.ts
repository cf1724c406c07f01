// Made from shared/contract by `npm run client`; not to be edited.

import type { CallOptions } from './options.ts';

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
  /** What the user sends as `pass` when he enrols again. It is shown once. */
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
  /** Why it failed: the user is another one than at the request, has a device that he did not have then, or has as many policies as AWS allows. */
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
  /** Why it failed: the user is another one than at the request, has a device that he did not have then, or has as many policies as AWS allows. */
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

export type RecoveryState =
  | 'requested'
  | 'objected'
  | 'approved'
  | 'executing'
  | 'executed'
  | 'denied'
  | 'cancelled'
  | 'expired'
  | 'failed';

export type RequestedReason = 'lost' | 'stolen' | 'broken' | 'replaced' | 'out_of_sync';

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

/** The operations of the API. */
export interface Api {
  /** Approve a recovery. Never by who asked for it, and never by its subject. With the last approval that it needs it is executed, within a minute or so. Approving again answers 200. */
  approveRecovery(input: ApproveRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /** Cancel a recovery. For one that is not needed any more; also by who asked for it. Cancelling again answers 200. */
  cancelRecovery(input: CancelRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /** Create your first virtual MFA device. Only while you have no active MFA device of any kind. Answers the seed, once: as text, as an otpauth URI and as a QR code. After a recovery, or where the deployment wants it of everybody, only with an enrolment pass; it is then good for this device alone. */
  createFirstMfaDevice(
    input: CreateFirstMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/png' },
  ): Promise<Uint8Array<ArrayBuffer>>;
  createFirstMfaDevice(
    input: CreateFirstMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/svg+xml' | 'text/plain' },
  ): Promise<string>;
  createFirstMfaDevice(input: CreateFirstMfaDeviceInput, options?: CallOptions): Promise<CreatedDevice>;
  /** Create a further virtual MFA device. Answers the seed, once: as text, as an otpauth URI and as a QR code. Creating again under the name of your own pending device replaces it with a fresh seed. */
  createMfaDevice(
    input: CreateMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/png' },
  ): Promise<Uint8Array<ArrayBuffer>>;
  createMfaDevice(
    input: CreateMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/svg+xml' | 'text/plain' },
  ): Promise<string>;
  createMfaDevice(input: CreateMfaDeviceInput, options?: CallOptions): Promise<CreatedDevice>;
  /** Get a session with MFA from a GetSessionToken request that you signed. Presign a GET of STS GetSessionToken with SerialNumber and TokenCode, using the access key that signs this call. The request is checked and forwarded as it is; secret keys never reach the API. */
  createSession(input: CreateSessionInput, options?: CallOptions): Promise<Session>;
  /** Deactivate one of your MFA devices. Never your last active one. A virtual device can be enabled again afterwards or deleted; one that is not active stays so. */
  deactivateMfaDevice(input: DeactivateMfaDeviceInput, options?: CallOptions): Promise<void>;
  /** Delete one of your MFA devices. Deactivates it first where it is active, but never your last active one. Hardware tokens and FIDO keys are only deactivated. */
  deleteMfaDevice(input: DeleteMfaDeviceInput, options?: CallOptions): Promise<void>;
  /** Deny a recovery. It ends with that. Denying again answers 200. */
  denyRecovery(input: DenyRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /** Enable your first MFA device. With two consecutive codes of the device, and only while no other device of yours is active. Enabling your sole active device answers 200 again. A device that was created with an enrolment pass is enabled with the same pass, which ends the recovery that asked for it. */
  enableFirstMfaDevice(input: EnableFirstMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /** Enable a hardware TOTP token as a further MFA device. With two consecutive codes of the token. Enabling what is active already answers 200 again. */
  enableHardwareMfaDevice(input: EnableHardwareMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /** Enable a further MFA device. With two consecutive codes of the device. Enabling what is active already answers 200 again. The device that "replaces" names is deactivated and deleted once this one is active; repeat the call if it fails half-way. */
  enableMfaDevice(input: EnableMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /** Whether the API answers. Asks nothing of AWS: an answer says that the gateway and its functions run. */
  getHealth(options?: CallOptions): Promise<GetHealthOutput>;
  /** Who you are and how many MFA devices you have. Also tells which STS endpoint to sign a GetSessionToken request for, and how long a session with MFA counts as recent. */
  getMe(options?: CallOptions): Promise<GetMeOutput>;
  /** Get one of your MFA devices. With its label and tags, and while it is pending the time at which it expires. */
  getMfaDevice(input: GetMfaDeviceInput, options?: CallOptions): Promise<Device>;
  /** This document. The OpenAPI 3.1 description of the API. */
  getOpenapi(options?: CallOptions): Promise<GetOpenapiOutput>;
  /** Get a recovery. With its state, who approved it, and the devices that it takes away. */
  getRecovery(input: GetRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /** Get the pass with which the user enrols again. Once the recovery is executed and the user has no device left. Hand it to the user in person. It is shown once, holds for an hour, and ends the pass given before. */
  issueEnrolmentPass(
    input: IssueEnrolmentPassInput,
    options?: CallOptions,
  ): Promise<IssueEnrolmentPassOutput>;
  /** List the tags of one of your virtual MFA devices. Your own tags; those of the service are not shown among them. */
  listMfaDeviceTags(input: ListMfaDeviceTagsInput, options?: CallOptions): Promise<ListMfaDeviceTagsOutput>;
  /** List your MFA devices, active and pending. Active devices of every kind, and the virtual ones you created here and have not enabled yet. */
  listMfaDevices(input?: ListMfaDevicesInput, options?: CallOptions): Promise<ListMfaDevicesOutput>;
  /** List the recoveries that concern you. Whoever asked for them; the latest first. If you did not ask for one, object to it. */
  listMyRecoveries(input?: ListMyRecoveriesInput, options?: CallOptions): Promise<ListMyRecoveriesOutput>;
  /** List recoveries. Those in one state, the latest request first. */
  listRecoveries(input?: ListRecoveriesInput, options?: CallOptions): Promise<ListRecoveriesOutput>;
  /** List the active MFA devices of a user. Of every kind; eight at most, which is what IAM allows. */
  listUserMfaDevices(
    input: ListUserMfaDevicesInput,
    options?: CallOptions,
  ): Promise<ListUserMfaDevicesOutput>;
  /** List the users of the account with and without MFA. From the credential report of IAM, which may be up to four hours old. Users without MFA come first. */
  listUsers(
    input: ListUsersInput | undefined,
    options: CallOptions & { readonly accept: 'text/csv' },
  ): Promise<string>;
  listUsers(input?: ListUsersInput, options?: CallOptions): Promise<ListUsersOutput>;
  /** Object to a recovery of your devices. It then takes one more approval, by somebody else. Objecting again answers 200. */
  objectToRecovery(input: ObjectToRecoveryInput, options?: CallOptions): Promise<OwnRecovery>;
  /** Ask for a recovery of a user who lost his device. For a ticket of the help desk. Somebody else has to approve it. The same request for the same ticket answers the same recovery again, with 200. A user without an active device has nothing to recover from, unless he needs an enrolment pass: after an earlier recovery, or where it is needed for every first device. */
  requestRecovery(input: RequestRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /** Resynchronise one of your MFA devices. With two consecutive codes of a device whose clock has drifted. */
  resyncMfaDevice(input: ResyncMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /** Resynchronise your only MFA device. For a device whose clock has drifted so far that you cannot get a session with it. Refused where another active device could. */
  resyncOnlyMfaDevice(input: ResyncOnlyMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /** Tag one of your virtual MFA devices. Tags of the same keys get the new values. Answers all of your tags. */
  tagMfaDevice(input: TagMfaDeviceInput, options?: CallOptions): Promise<TagMfaDeviceOutput>;
  /** Take tags off one of your virtual MFA devices. Give each key as a "key" parameter. Keys that the device does not have are no error. */
  untagMfaDevice(input: UntagMfaDeviceInput, options?: CallOptions): Promise<void>;
  /** Give one of your virtual MFA devices a label. Null takes the label off. */
  updateMfaDevice(input: UpdateMfaDeviceInput, options?: CallOptions): Promise<Device>;
}

/** How an operation is called. */
export interface OperationInfo {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces. */
  readonly path: string;
  /** Names of the parameters in the query; what is in neither path nor query goes into the body. */
  readonly query?: readonly string[];
  readonly body?: true;
  /** Whether it is sent without a signature. */
  readonly anonymous?: true;
  /** Whether it needs a session with MFA. */
  readonly gated?: true;
  /** Whether sending it twice does what sending it once does. */
  readonly repeatable?: true;
}

export const operations: Readonly<Record<keyof Api, OperationInfo>> = {
  approveRecovery: {
    method: 'PUT',
    path: '/v1/recoveries/{recoveryId}/approval',
    gated: true,
    repeatable: true,
  },
  cancelRecovery: {
    method: 'PUT',
    path: '/v1/recoveries/{recoveryId}/cancellation',
    gated: true,
    repeatable: true,
  },
  createFirstMfaDevice: { method: 'POST', path: '/v1/me/first-mfa-device', body: true },
  createMfaDevice: { method: 'POST', path: '/v1/mfa-devices', body: true, gated: true },
  createSession: { method: 'POST', path: '/v1/me/sessions', body: true },
  deactivateMfaDevice: {
    method: 'DELETE',
    path: '/v1/mfa-devices/{deviceId}/activation',
    gated: true,
    repeatable: true,
  },
  deleteMfaDevice: { method: 'DELETE', path: '/v1/mfa-devices/{deviceId}', gated: true, repeatable: true },
  denyRecovery: { method: 'PUT', path: '/v1/recoveries/{recoveryId}/denial', gated: true, repeatable: true },
  enableFirstMfaDevice: { method: 'PUT', path: '/v1/me/first-mfa-device/{deviceId}/activation', body: true },
  enableHardwareMfaDevice: {
    method: 'PUT',
    path: '/v1/hardware-mfa-devices/{serialNumber}/activation',
    body: true,
    gated: true,
  },
  enableMfaDevice: { method: 'PUT', path: '/v1/mfa-devices/{deviceId}/activation', body: true, gated: true },
  getHealth: { method: 'GET', path: '/v1/health', anonymous: true, repeatable: true },
  getMe: { method: 'GET', path: '/v1/me', repeatable: true },
  getMfaDevice: { method: 'GET', path: '/v1/me/mfa-devices/{deviceId}', repeatable: true },
  getOpenapi: { method: 'GET', path: '/v1/openapi.json', anonymous: true, repeatable: true },
  getRecovery: { method: 'GET', path: '/v1/recoveries/{recoveryId}', gated: true, repeatable: true },
  issueEnrolmentPass: { method: 'POST', path: '/v1/recoveries/{recoveryId}/enrolment-pass', gated: true },
  listMfaDeviceTags: { method: 'GET', path: '/v1/me/mfa-devices/{deviceId}/tags', repeatable: true },
  listMfaDevices: { method: 'GET', path: '/v1/me/mfa-devices', query: ['limit', 'cursor'], repeatable: true },
  listMyRecoveries: {
    method: 'GET',
    path: '/v1/me/recoveries',
    query: ['limit', 'cursor'],
    repeatable: true,
  },
  listRecoveries: {
    method: 'GET',
    path: '/v1/recoveries',
    query: ['limit', 'cursor', 'state'],
    gated: true,
    repeatable: true,
  },
  listUserMfaDevices: {
    method: 'GET',
    path: '/v1/users/{userName}/mfa-devices',
    gated: true,
    repeatable: true,
  },
  listUsers: { method: 'GET', path: '/v1/users', query: ['mfa'], gated: true, repeatable: true },
  objectToRecovery: { method: 'PUT', path: '/v1/me/recoveries/{recoveryId}/objection', repeatable: true },
  requestRecovery: { method: 'POST', path: '/v1/recoveries', body: true, gated: true },
  resyncMfaDevice: { method: 'POST', path: '/v1/mfa-devices/{deviceId}/resync', body: true, gated: true },
  resyncOnlyMfaDevice: { method: 'POST', path: '/v1/me/resyncs', body: true },
  tagMfaDevice: { method: 'POST', path: '/v1/mfa-devices/{deviceId}/tags', body: true, gated: true },
  untagMfaDevice: {
    method: 'DELETE',
    path: '/v1/mfa-devices/{deviceId}/tags',
    query: ['key'],
    gated: true,
    repeatable: true,
  },
  updateMfaDevice: { method: 'PATCH', path: '/v1/mfa-devices/{deviceId}', body: true, gated: true },
};

/** Every problem that the API answers with; docs/problems.md tells their meaning. */
export const problemCodes = [
  'validation-failed',
  'unauthenticated',
  'session-expired',
  'access-denied',
  'step-up-required',
  'first-device-only',
  'enrolment-pass-required',
  'enrolment-pass-invalid',
  'separation-of-duties',
  'webhook-refused',
  'device-not-found',
  'user-not-found',
  'recovery-not-found',
  'ticketing-not-configured',
  'route-not-found',
  'device-exists',
  'device-in-use',
  'device-active',
  'no-active-device',
  'last-device',
  'not-taggable',
  'not-resyncable',
  'tag-limit',
  'device-limit',
  'device-not-ready',
  'recovery-exists',
  'recovery-closed',
  'resync-instead',
  'busy',
  'body-too-large',
  'unsupported-media-type',
  'invalid-authentication-code',
  'recovery-limit',
  'throttled',
  'internal-error',
  'upstream-failed',
  'report-not-ready',
  'timeout',
] as const;

export type ProblemCode = (typeof problemCodes)[number];
