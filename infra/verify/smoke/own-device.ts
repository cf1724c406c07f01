import type { Answer, Sending } from '../client.ts';
import { filled } from '../requests.ts';
import { presigned } from '../sign.ts';
import type { Subject } from '../subject.ts';
import {
  aboutDevice,
  call,
  contentOf,
  json,
  type Made,
  problem,
  type Step,
  type Steps,
  succeeds,
  wrongCodes,
} from './steps.ts';

/** What a user can do with a device that is not enabled, and what is refused only after AWS was asked. */
export const ownDevice: Steps = (subject) => [
  ...beginning(subject),
  ...found(subject),
  ...changed(subject),
  ...notEnabled(subject),
  ...refusedToOthers(subject),
];

const beginning = ({ longTerm, steppedUp }: Subject): readonly Step[] => [
  {
    operation: 'list-mfa-devices',
    does: 'lists devices',
    keys: longTerm,
    sending: call('GET', '/v1/me/mfa-devices'),
    expects: (answer, made) => answer.status === 200 && noted(answer, made),
  },
  {
    operation: 'create-mfa-device',
    does: 'creates a device',
    keys: steppedUp,
    sending: (made) => {
      made.mayHaveDevice = true;
      return creation(made);
    },
    expects: succeeds(201, ({ id, status }, made) => {
      made.hasDevice = true;
      return id === made.device && status === 'pending';
    }),
  },
  {
    operation: 'create-mfa-device',
    does: 'creates it again, as a picture',
    keys: steppedUp,
    sending: (made) => ({ ...creation(made), headers: { accept: 'image/png' } }),
    expects: isPng,
    png: true,
  },
];

const creation = ({ device }: Made): Sending => ({
  method: 'POST',
  path: '/v1/mfa-devices',
  ...json({ name: device, label: 'verify' }),
});

/** Keeps what the run compares and uses later. */
function noted(answer: Answer, made: Made): boolean {
  const { items = [] } = contentOf(answer);
  made.before = items.map(({ id = '' }) => id);
  made.active = items.find(({ status, kind }) => status === 'active' && kind !== 'fido')?.id;
  return true;
}

/** Begins and ends as every PNG does: API Gateway has decoded it. Source: PNG specification, sections 5.2 and 11.2.5. */
function isPng({ status, headers, body }: Answer): boolean {
  const begins = body.subarray(0, 8).toString('hex') === '89504e470d0a1a0a';
  const ends = body.subarray(-8, -4).toString('latin1') === 'IEND';
  return status === 201 && headers['content-type'] === 'image/png' && begins && ends;
}

const found = ({ longTerm }: Subject): readonly Step[] => [
  {
    operation: 'list-mfa-devices',
    does: 'lists it',
    keys: longTerm,
    sending: call('GET', '/v1/me/mfa-devices'),
    expects: succeeds(200, ({ items }, { device }) => items?.some(({ id }) => id === device) === true),
    settles: true,
  },
  {
    operation: 'get-me',
    does: 'counts it',
    keys: longTerm,
    sending: call('GET', '/v1/me'),
    expects: succeeds(200, ({ mfa }) => (mfa?.pending ?? 0) > 0),
    settles: true,
  },
  {
    operation: 'get-mfa-device',
    does: 'reads it',
    keys: longTerm,
    sending: aboutDevice('GET', '/v1/me/mfa-devices/{deviceId}'),
    expects: succeeds(200, ({ label, expiresAt }) => label === 'verify' && expiresAt !== undefined),
    settles: true,
  },
];

const changed = ({ longTerm, steppedUp }: Subject): readonly Step[] => [
  {
    operation: 'update-mfa-device',
    does: 'labels it',
    keys: steppedUp,
    sending: aboutDevice('PATCH', '/v1/mfa-devices/{deviceId}', { label: 'verified' }),
    expects: succeeds(200, ({ label }) => label === 'verified'),
  },
  {
    operation: 'update-mfa-device',
    does: 'takes its label off',
    keys: steppedUp,
    sending: aboutDevice('PATCH', '/v1/mfa-devices/{deviceId}', { label: null }),
    expects: succeeds(200, ({ label }) => label === undefined),
  },
  {
    operation: 'tag-mfa-device',
    does: 'tags it',
    keys: steppedUp,
    sending: aboutDevice('POST', '/v1/mfa-devices/{deviceId}/tags', { tags: { run: 'verify' } }),
    expects: succeeds(200, ({ tags }) => tags?.['run'] === 'verify'),
  },
  {
    operation: 'list-mfa-device-tags',
    does: 'lists its tags',
    keys: longTerm,
    sending: aboutDevice('GET', '/v1/me/mfa-devices/{deviceId}/tags'),
    expects: succeeds(200, ({ tags }) => tags?.['run'] === 'verify'),
    settles: true,
  },
  {
    operation: 'untag-mfa-device',
    does: 'untags it',
    keys: steppedUp,
    sending: aboutDevice('DELETE', '/v1/mfa-devices/{deviceId}/tags?key=run'),
    expects: succeeds(204),
  },
];

/** AWS refuses wrong codes only to those who may send right ones. */
const notEnabled = ({ steppedUp }: Subject): readonly Step[] => [
  {
    operation: 'enable-mfa-device',
    does: 'cannot enable it with wrong codes',
    keys: steppedUp,
    sending: aboutDevice('PUT', '/v1/mfa-devices/{deviceId}/activation', wrongCodes),
    expects: problem(422, 'invalid-authentication-code'),
  },
  {
    operation: 'enable-hardware-mfa-device',
    does: 'cannot enable a token that does not exist',
    keys: steppedUp,
    sending: call('PUT', filled('/v1/hardware-mfa-devices/{serialNumber}/activation'), wrongCodes),
    expects: problem(404, 'device-not-found'),
  },
  {
    operation: 'resync-mfa-device',
    does: 'cannot resynchronise an active device with wrong codes',
    keys: steppedUp,
    sending: ({ active }) =>
      active === undefined
        ? 'the user has no active device that shows codes'
        : { method: 'POST', path: `/v1/mfa-devices/${active}/resync`, ...json(wrongCodes) },
    expects: problem(422, 'invalid-authentication-code'),
  },
];

/** What is for users without a device, or with one that exists. */
const refusedToOthers = (subject: Subject): readonly Step[] =>
  [
    {
      operation: 'resync-only-mfa-device',
      does: 'cannot resynchronise a device that does not exist',
      sending: call('POST', '/v1/me/resyncs', { deviceId: 'verify-no-such-device', ...wrongCodes }),
      expects: (answer: Answer) =>
        problem(404, 'device-not-found')(answer) || problem(403, 'step-up-required')(answer),
    },
    {
      operation: 'create-first-mfa-device',
      does: 'cannot create a first device beside an active one',
      sending: call('POST', '/v1/me/first-mfa-device', { name: 'verify-no-such-device' }),
      expects: problem(403, 'first-device-only'),
    },
    {
      operation: 'enable-first-mfa-device',
      does: 'cannot enable a first device beside an active one',
      sending: aboutDevice('PUT', '/v1/me/first-mfa-device/{deviceId}/activation', wrongCodes),
      expects: problem(403, 'first-device-only'),
    },
    {
      operation: 'create-session',
      does: 'gets no session with a device that does not exist',
      sending: () => call('POST', '/v1/me/sessions', { presignedUrl: sessionRequest(subject) })(),
      expects: problem(404, 'device-not-found'),
    },
  ].map((step) => ({ ...step, keys: subject.longTerm }));

/** STS is asked, and refuses. */
function sessionRequest({ me, region, longTerm }: Subject): string {
  const owned = me.userArn.replace(/:user\/.*/, `:mfa/self-service/${me.userName}`);
  const parameters = {
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    SerialNumber: `${owned}/verify-no-such-device`,
    TokenCode: wrongCodes.code1,
  };
  return presigned(me.stsEndpoint, parameters, longTerm, region);
}

/** The device's end; the run's last steps. */
export const ownDeviceEnds: Steps = ({ longTerm, steppedUp }) => [
  {
    operation: 'deactivate-mfa-device',
    does: 'deactivates the device, which is not active',
    keys: steppedUp,
    sending: aboutDevice('DELETE', '/v1/mfa-devices/{deviceId}/activation'),
    expects: succeeds(204),
  },
  {
    operation: 'delete-mfa-device',
    does: 'deletes it',
    keys: steppedUp,
    sending: aboutDevice('DELETE', '/v1/mfa-devices/{deviceId}'),
    expects: succeeds(204, (_, made) => {
      made.hasDevice = false;
      made.mayHaveDevice = false;
      return true;
    }),
  },
  {
    operation: 'list-mfa-devices',
    does: 'lists the same devices as before',
    keys: longTerm,
    sending: call('GET', '/v1/me/mfa-devices'),
    expects: succeeds(
      200,
      ({ items = [] }, { before = [] }) => items.map(({ id }) => id).join() === before.join(),
    ),
    settles: true,
  },
];
