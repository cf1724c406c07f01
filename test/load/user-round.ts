import { AwsV4Signer } from 'aws4fetch';
import { hardwareSerialNumber, seededSeeds } from '../../local-aws/aws/seed.ts';
import type { SigningKeys } from '../support/sign.ts';
import { Authenticator } from './authenticator.ts';
import type { Target } from './target.ts';
import { createUser, removeUser, type User } from './user.ts';

interface Device {
  readonly name: string;
  readonly serialNumber: string;
  readonly authenticator: Authenticator;
}

const firstPath = '/v1/me/first-mfa-device';
const devicesPath = '/v1/mfa-devices';
const token = new Authenticator(seededSeeds.hardware);
/** How often a user with a session adds a device and takes it away again. */
const furtherDevices = 4;

/** One round of a client: a user who enrols, signs in, and has other devices come and go. */
export async function userRound(target: Target): Promise<void> {
  const user = await createUser(target);
  const phone = await enrol(target, user);
  if (phone !== undefined) {
    const session = await signIn(target, user, phone);
    if (session !== undefined) await change(target, session);
    const { name: deviceId, authenticator } = phone;
    const body = { deviceId, ...authenticator.pair() };
    await target.send('resync-only-mfa-device', user.keys, {
      method: 'POST',
      target: '/v1/me/resyncs',
      body,
    });
  }
  await removeUser(target, user);
}

/** Undefined if one of the answers was a refusal. */
export async function enrol(target: Target, { keys }: User, pass?: string): Promise<Device | undefined> {
  const name = 'phone';
  const withPass = pass === undefined ? {} : { pass };
  const body = { name, ...withPass };
  const created = await target.send('create-first-mfa-device', keys, {
    method: 'POST',
    target: firstPath,
    body,
  });
  if (created.status !== 201) return undefined;
  const { serialNumber, base32Seed } = created.json;
  const authenticator = new Authenticator(base32Seed);
  const enabled = await target.send('enable-first-mfa-device', keys, {
    method: 'PUT',
    target: `${firstPath}/${name}/activation`,
    body: { ...authenticator.pair(), ...withPass },
  });
  return enabled.status === 200 ? { name, serialNumber, authenticator } : undefined;
}

/** Looks around until STS knows the device, which takes ten seconds. */
async function signIn(target: Target, { keys }: User, phone: Device): Promise<SigningKeys | undefined> {
  const enrolled = Date.now();
  while (Date.now() - enrolled < 11_000) await lookAround(target, keys);
  const presignedUrl = await presigned(target.awsUrl, keys, phone);
  const body = { presignedUrl };
  const sending = { method: 'POST', target: '/v1/me/sessions', body };
  const { status, json } = await target.send('create-session', keys, sending);
  if (status !== 201) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken } = json;
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What needs no MFA. */
async function lookAround(target: Target, keys: SigningKeys): Promise<void> {
  await target.send('get-portal', undefined, { target: '/' });
  await target.send('get-me', keys, { target: '/v1/me' });
  await target.send('list-mfa-devices', keys, { target: '/v1/me/mfa-devices' });
  await target.send('get-mfa-device', keys, { target: '/v1/me/mfa-devices/phone' });
  await target.send('list-mfa-device-tags', keys, { target: '/v1/me/mfa-devices/phone/tags' });
  await target.send('list-my-recoveries', keys, { target: '/v1/me/recoveries' });
  await target.send('get-docs', undefined, { target: '/v1/docs' });
  await target.send('get-openapi', undefined, { target: '/v1/openapi.json' });
  await target.send('get-health', undefined, { target: '/v1/health' });
}

async function change(target: Target, keys: SigningKeys): Promise<void> {
  for (let number = 1; number <= furtherDevices; number += 1) await addAndRemove(target, keys, `d${number}`);
  await target.send('enable-hardware-mfa-device', keys, {
    method: 'PUT',
    target: `/v1/hardware-mfa-devices/${hardwareSerialNumber}/activation`,
    body: token.pair(),
  });
}

async function addAndRemove(target: Target, keys: SigningKeys, name: string): Promise<void> {
  const path = `${devicesPath}/${name}`;
  const send = (operation: string, method: string, at: string, body?: unknown) =>
    target.send(operation, keys, { method, target: at, ...(body !== undefined && { body }) });
  const { status, json } = await send('create-mfa-device', 'POST', devicesPath, { name });
  if (status !== 201) return;
  const authenticator = new Authenticator(json.base32Seed);
  await send('enable-mfa-device', 'PUT', `${path}/activation`, authenticator.pair());
  await send('update-mfa-device', 'PATCH', path, { label: 'Spare' });
  await send('tag-mfa-device', 'POST', `${path}/tags`, { tags: { place: 'safe' } });
  await send('untag-mfa-device', 'DELETE', `${path}/tags?key=place`);
  await send('resync-mfa-device', 'POST', `${path}/resync`, authenticator.pair());
  await send('deactivate-mfa-device', 'DELETE', `${path}/activation`);
  await send('delete-mfa-device', 'DELETE', path);
}

async function presigned(
  awsUrl: string,
  { accessKeyId, secretAccessKey }: SigningKeys,
  { serialNumber, authenticator }: Device,
): Promise<string> {
  const url = new URL(awsUrl);
  url.search = new URLSearchParams({
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    SerialNumber: serialNumber,
    TokenCode: authenticator.next(),
    'X-Amz-Expires': '300',
  }).toString();
  const place = { service: 'sts', region: 'us-east-1', signQuery: true };
  const signer = new AwsV4Signer({ url: url.href, accessKeyId, secretAccessKey, ...place });
  return (await signer.sign()).url.href;
}
