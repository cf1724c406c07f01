import { defineOperation } from '../operation.ts';
import { codesOfDevice, nothing, resyncedDevice } from '../schemas.ts';

export const resyncOnlyMfaDevice = defineOperation({
  name: 'resync-only-mfa-device',
  method: 'POST',
  path: '/v1/me/resyncs',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ResyncMFADevice'],
  table: { lease: ['resyncs'], codes: 'count' },
  audit: 'resync-with-access-key',
  summary: 'Resynchronise your only MFA device',
  description:
    'For a device whose clock has drifted so far that you cannot get a session with it. Refused if you have ' +
    'another active device, which can give you one. You are told by mail, and for a while your devices cannot be ' +
    'changed: `changesAllowedFrom` says until when.',
  input: { path: nothing, query: nothing, body: codesOfDevice },
  status: 200,
  output: resyncedDevice,
  media: [],
  problems: ['device-not-found', 'step-up-required', 'not-resyncable', 'invalid-authentication-code'],
});
