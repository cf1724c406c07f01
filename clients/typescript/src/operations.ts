// Made from docs/openapi.json by `npm run client`; not to be edited.

import type {
  ApproveRecoveryInput,
  CancelRecoveryInput,
  CreatedDevice,
  CreateFirstMfaDeviceInput,
  CreateMfaDeviceInput,
  CreateSessionInput,
  DeactivateMfaDeviceInput,
  DeleteMfaDeviceInput,
  DenyRecoveryInput,
  Device,
  EnabledDevice,
  EnableFirstMfaDeviceInput,
  EnableHardwareMfaDeviceInput,
  EnableMfaDeviceInput,
  GetHealthOutput,
  GetMeOutput,
  GetMfaDeviceInput,
  GetOpenapiOutput,
  GetRecoveryInput,
  IssueEnrolmentPassInput,
  IssueEnrolmentPassOutput,
  ListMfaDevicesInput,
  ListMfaDevicesOutput,
  ListMfaDeviceTagsInput,
  ListMfaDeviceTagsOutput,
  ListMyRecoveriesInput,
  ListMyRecoveriesOutput,
  ListRecoveriesInput,
  ListRecoveriesOutput,
  ListUserMfaDevicesInput,
  ListUserMfaDevicesOutput,
  ListUsersInput,
  ListUsersOutput,
  ObjectToRecoveryInput,
  OwnRecovery,
  Recovery,
  RequestRecoveryInput,
  ResyncMfaDeviceInput,
  ResyncOnlyMfaDeviceInput,
  Session,
  TagMfaDeviceInput,
  TagMfaDeviceOutput,
  UntagMfaDeviceInput,
  UpdateMfaDeviceInput,
} from './models.ts';
import type { OperationInfo } from './operation-info.ts';
import type { CallOptions } from './options.ts';

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
  getHealth: { method: 'GET', path: '/v1/health', anonymous: true },
  getMe: { method: 'GET', path: '/v1/me' },
  getMfaDevice: { method: 'GET', path: '/v1/me/mfa-devices/{deviceId}' },
  getOpenapi: { method: 'GET', path: '/v1/openapi.json', anonymous: true },
  getRecovery: { method: 'GET', path: '/v1/recoveries/{recoveryId}', gated: true },
  issueEnrolmentPass: { method: 'POST', path: '/v1/recoveries/{recoveryId}/enrolment-pass', gated: true },
  listMfaDeviceTags: { method: 'GET', path: '/v1/me/mfa-devices/{deviceId}/tags' },
  listMfaDevices: { method: 'GET', path: '/v1/me/mfa-devices', query: ['limit', 'cursor'] },
  listMyRecoveries: { method: 'GET', path: '/v1/me/recoveries', query: ['limit', 'cursor'] },
  listRecoveries: { method: 'GET', path: '/v1/recoveries', query: ['limit', 'cursor', 'state'], gated: true },
  listUserMfaDevices: { method: 'GET', path: '/v1/users/{userName}/mfa-devices', gated: true },
  listUsers: { method: 'GET', path: '/v1/users', query: ['mfa'], gated: true },
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
