// Generated from docs/openapi.json by `npm run client`. Do not edit.

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
  ResyncedDevice,
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
  /**
   * Approve a recovery. Neither the requester nor the subject may approve. Once it has all the approvals
   * it needs, the recovery is executed within a minute or so. Approving again returns 200. A user has
   * one recovery at a time: the last approval is refused as `busy` until another one, approved before,
   * has ended.
   */
  approveRecovery(input: ApproveRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /**
   * Cancel a recovery. For a recovery that is no longer needed. The requester may cancel it too.
   * Cancelling again returns 200.
   */
  cancelRecovery(input: CancelRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /**
   * Create your first virtual MFA device. Only while you have no active MFA device of any kind. Returns
   * the seed, once: as text, as an otpauth URI and as a QR code. After a recovery, or where the
   * deployment requires it of everyone, you need an enrolment pass, which then works for this device
   * only. A pending device of the same name is replaced. At most 8 of your devices may be pending at a
   * time, and you may create 30 an hour.
   */
  createFirstMfaDevice(
    input: CreateFirstMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/png' },
  ): Promise<Uint8Array<ArrayBuffer>>;
  createFirstMfaDevice(
    input: CreateFirstMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/svg+xml' | 'text/plain' },
  ): Promise<string>;
  createFirstMfaDevice(input: CreateFirstMfaDeviceInput, options?: CallOptions): Promise<CreatedDevice>;
  /**
   * Create another virtual MFA device. Returns the seed, once: as text, as an otpauth URI and as a QR
   * code. Creating a device under the name of your own pending device replaces it, with a fresh seed. At
   * most 8 of your devices may be pending at a time, and you may create 30 an hour.
   */
  createMfaDevice(
    input: CreateMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/png' },
  ): Promise<Uint8Array<ArrayBuffer>>;
  createMfaDevice(
    input: CreateMfaDeviceInput,
    options: CallOptions & { readonly accept: 'image/svg+xml' | 'text/plain' },
  ): Promise<string>;
  createMfaDevice(input: CreateMfaDeviceInput, options?: CallOptions): Promise<CreatedDevice>;
  /**
   * Get a session with MFA from a GetSessionToken request that you signed. Presign a GET of STS
   * GetSessionToken with SerialNumber and TokenCode, using the access key that signs this call. The
   * request is checked and forwarded unchanged; secret keys never reach the API.
   */
  createSession(input: CreateSessionInput, options?: CallOptions): Promise<Session>;
  /**
   * Deactivate one of your MFA devices. Refused for your last active device. A deactivated virtual
   * device can be enabled again or deleted. Deactivating it again changes nothing.
   */
  deactivateMfaDevice(input: DeactivateMfaDeviceInput, options?: CallOptions): Promise<void>;
  /**
   * Delete one of your MFA devices. Deactivates the device first if it is active; refused for your last
   * active one. Hardware tokens and FIDO keys are only deactivated.
   */
  deleteMfaDevice(input: DeleteMfaDeviceInput, options?: CallOptions): Promise<void>;
  /** Deny a recovery. Ends the recovery. Denying again returns 200. */
  denyRecovery(input: DenyRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /**
   * Enable your first MFA device. Takes two consecutive codes of the device, and works only while no
   * other device of yours is active. Enabling your only active device again returns 200. A device
   * created with an enrolment pass is enabled with the same pass, which completes the recovery it was
   * issued for.
   */
  enableFirstMfaDevice(input: EnableFirstMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /**
   * Enable a hardware TOTP token as another MFA device. Takes two consecutive codes of the token.
   * Enabling an active token again returns 200.
   */
  enableHardwareMfaDevice(input: EnableHardwareMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /**
   * Enable another MFA device. Takes two consecutive codes of the device. Enabling an active device
   * again returns 200. The device named by "replaces" is deactivated and deleted once this one is
   * active; if the call fails halfway, repeat it.
   */
  enableMfaDevice(input: EnableMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /**
   * Check that the API answers. Does not call AWS: an answer means that the gateway and its functions
   * run.
   */
  getHealth(options?: CallOptions): Promise<GetHealthOutput>;
  /**
   * Who you are and how many MFA devices you have. Also returns the STS endpoint to sign GetSessionToken
   * requests for, and how long a session with MFA counts as recent.
   */
  getMe(options?: CallOptions): Promise<GetMeOutput>;
  /** Get one of your MFA devices. With its label and tags and, while it is pending, the time it expires. */
  getMfaDevice(input: GetMfaDeviceInput, options?: CallOptions): Promise<Device>;
  /** This document. The OpenAPI 3.1 description of the API. */
  getOpenapi(options?: CallOptions): Promise<GetOpenapiOutput>;
  /** Get a recovery. With its state, its approvals and the devices it removes. */
  getRecovery(input: GetRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /**
   * Issue the pass with which the user enrols again. Once the recovery is executed and the user has no
   * device left. Hand the pass to the user in person. It is shown once, is valid for an hour, and
   * invalidates any earlier pass.
   */
  issueEnrolmentPass(
    input: IssueEnrolmentPassInput,
    options?: CallOptions,
  ): Promise<IssueEnrolmentPassOutput>;
  /** List the tags of one of your virtual MFA devices. Your own tags, without those of the service. */
  listMfaDeviceTags(input: ListMfaDeviceTagsInput, options?: CallOptions): Promise<ListMfaDeviceTagsOutput>;
  /**
   * List your MFA devices, active and pending. Active devices of every kind, and virtual devices that
   * you created here and have not enabled yet. Of devices that are not enabled, the first 16 by name are
   * looked at.
   */
  listMfaDevices(input?: ListMfaDevicesInput, options?: CallOptions): Promise<ListMfaDevicesOutput>;
  /**
   * List recoveries of your devices. Whoever requested them, latest first. If you did not ask for one,
   * object to it.
   */
  listMyRecoveries(input?: ListMyRecoveriesInput, options?: CallOptions): Promise<ListMyRecoveriesOutput>;
  /** List recoveries. Those in one state, latest request first. */
  listRecoveries(input?: ListRecoveriesInput, options?: CallOptions): Promise<ListRecoveriesOutput>;
  /** List a user's active MFA devices. Of every kind; at most eight, which is IAM's limit. */
  listUserMfaDevices(
    input: ListUserMfaDevicesInput,
    options?: CallOptions,
  ): Promise<ListUserMfaDevicesOutput>;
  /**
   * List the account's users with and without MFA. From IAM's credential report, which can be up to four
   * hours old. Users without MFA come first. In CSV, a name that a spreadsheet would take for a formula
   * has a single quote before it.
   */
  listUsers(
    input: ListUsersInput | undefined,
    options: CallOptions & { readonly accept: 'text/csv' },
  ): Promise<string>;
  listUsers(input?: ListUsersInput, options?: CallOptions): Promise<ListUsersOutput>;
  /**
   * Object to a recovery of your devices. The recovery then needs one more approval, from another
   * person. Objecting again returns 200.
   */
  objectToRecovery(input: ObjectToRecoveryInput, options?: CallOptions): Promise<OwnRecovery>;
  /**
   * Request a recovery for a user who lost a device. For a help desk ticket. Another person has to
   * approve it. Repeating the request for the same ticket returns the same recovery, with 200. A user
   * without an active device has nothing to recover, unless they need an enrolment pass: after an
   * earlier recovery, or where every first device needs one.
   */
  requestRecovery(input: RequestRecoveryInput, options?: CallOptions): Promise<Recovery>;
  /**
   * Resynchronise one of your MFA devices. Takes two consecutive codes of a device whose clock has
   * drifted.
   */
  resyncMfaDevice(input: ResyncMfaDeviceInput, options?: CallOptions): Promise<EnabledDevice>;
  /**
   * Resynchronise your only MFA device. For a device whose clock has drifted so far that you cannot get
   * a session with it. Refused if you have another active device, which can give you one. You are told
   * by mail, and for a while your devices cannot be changed: `changesAllowedFrom` says until when.
   */
  resyncOnlyMfaDevice(input: ResyncOnlyMfaDeviceInput, options?: CallOptions): Promise<ResyncedDevice>;
  /**
   * Tag one of your virtual MFA devices. Overwrites existing tags with the same keys. Returns all of
   * your tags.
   */
  tagMfaDevice(input: TagMfaDeviceInput, options?: CallOptions): Promise<TagMfaDeviceOutput>;
  /**
   * Remove tags from one of your virtual MFA devices. Pass each key as a "key" parameter. Keys that the
   * device does not have are ignored.
   */
  untagMfaDevice(input: UntagMfaDeviceInput, options?: CallOptions): Promise<void>;
  /** Label one of your virtual MFA devices. Null removes the label. */
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
