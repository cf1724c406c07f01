import { defineOperation } from '../operation.ts';
import { codesOfDevice, enabledDevice, nothing } from '../schemas.ts';

export const resyncOnlyMfaDevice = defineOperation({
  name: 'resync-only-mfa-device',
  method: 'POST',
  path: '/v1/me/resyncs',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ResyncMFADevice'],
  table: ['codes'],
  audit: 'resync-device',
  summary: 'Resynchronise your only MFA device',
  description:
    'For a device whose clock has drifted so far that you cannot get a session with it. Refused if you have ' +
    'another active device, which can give you one.',
  input: { path: nothing, query: nothing, body: codesOfDevice },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: ['device-not-found', 'step-up-required', 'not-resyncable', 'invalid-authentication-code'],
});
