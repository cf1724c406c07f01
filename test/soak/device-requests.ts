import { hardwareSerialNumber, seededSeeds } from '../../local-aws/aws/seed.ts';
import { codesOf, presigned } from './codes.ts';
import type { Trait } from './iam-model.ts';
import type { Belongings, KnownDevice, Person } from './person.ts';
import { type Outcome, send } from './requests.ts';
import type { World } from './world.ts';

/** Someone who acts as a user, with what they have in hand. */
export interface Actor {
  readonly name: 'owner' | 'thief';
  readonly person: Person;
  readonly hands: Belongings;
}

export const ownerOf = (person: Person): Actor => ({ name: 'owner', person, hands: person.own });
export const thiefOf = (person: Person): Actor => ({ name: 'thief', person, hands: person.stolen });

const firstPath = '/v1/me/first-mfa-device';
const devicesPath = '/v1/mfa-devices';

/** The session, or else the bare key. */
const strongest = ({ person, hands }: Actor) => hands.latestSession?.keys ?? person.keys;

const request = (world: World, actor: Actor, method: string, target: string, body?: unknown, bare = false) =>
  send(world, bare ? actor.person.keys : strongest(actor), {
    ...{ actor: actor.name, person: actor.person, method, target },
    ...(body !== undefined && { body }),
  });

/** Creates a first device, with a pass if there is one. */
export async function createFirst(world: World, actor: Actor, name: string, pass?: string): Promise<Outcome> {
  const { person } = actor;
  const use = { userName: person.userName, from: Date.now(), to: Number.POSITIVE_INFINITY };
  if (pass !== undefined && actor.name === 'owner') world.passUses.push(use);
  const body = { name, ...(pass !== undefined && { pass }) };
  const outcome = await request(world, actor, 'POST', firstPath, body, true);
  use.to = outcome.to;
  return created(world, actor, name, outcome, pass);
}

export async function createFurther(world: World, actor: Actor, name: string): Promise<Outcome> {
  return created(world, actor, name, await request(world, actor, 'POST', devicesPath, { name }));
}

function created(world: World, actor: Actor, name: string, outcome: Outcome, pass?: string): Outcome {
  const { status, json } = outcome;
  // Without the answer, or after a refusal half-way, the seed in hand may be an old one.
  actor.hands.lose(name);
  if (outcome.code === 'enrolment-pass-invalid' && actor.name === 'owner') actor.person.pass = undefined;
  if (status !== 201) return outcome;
  const { serialNumber, base32Seed: seed } = json;
  actor.hands.keep({ name, serialNumber, seed, ...(pass !== undefined && { pass }) });
  if (pass !== undefined && actor.name === 'owner') world.enrolledWithPass.add(serialNumber);
  claim(world, actor, serialNumber, outcome, 'there', true);
  return outcome;
}

export async function enableFirst(world: World, actor: Actor, device: KnownDevice): Promise<Outcome> {
  const body = { ...codesOf(world, device), ...(device.pass !== undefined && { pass: device.pass }) };
  const outcome = await request(world, actor, 'PUT', `${firstPath}/${device.name}/activation`, body, true);
  if (outcome.status !== 200) return outcome;
  actor.hands.enabled.add(device.name);
  // It is used up.
  if (device.pass !== undefined) actor.person.pass = undefined;
  claim(world, actor, device.serialNumber, outcome, 'active', true);
  return outcome;
}

export async function enableFurther(
  world: World,
  actor: Actor,
  device: KnownDevice,
  replaces?: string,
): Promise<Outcome> {
  const body = { ...codesOf(world, device), ...(replaces !== undefined && { replaces }) };
  const outcome = await request(world, actor, 'PUT', `${devicesPath}/${device.name}/activation`, body);
  if (outcome.status !== 200) return outcome;
  actor.hands.enabled.add(device.name);
  claim(world, actor, device.serialNumber, outcome, 'active', true);
  // A device that is not theirs counts as replaced already, so nothing is said of the token.
  const isReplaced = replaces !== undefined && replaces !== hardwareId;
  if (isReplaced) claim(world, actor, serialOf(actor, replaces), outcome, 'there', false);
  return outcome;
}

const hardware = { serialNumber: hardwareSerialNumber, seed: seededSeeds.hardware, name: 'token' };
/** The id of the only hardware token, which all want. */
export const hardwareId = `~${Buffer.from(hardwareSerialNumber).toString('base64url')}`;

export async function enableHardware(world: World, actor: Actor): Promise<Outcome> {
  const target = `/v1/hardware-mfa-devices/${hardwareSerialNumber}/activation`;
  const outcome = await request(world, actor, 'PUT', target, codesOf(world, hardware));
  if (outcome.status === 200) claim(world, actor, hardwareSerialNumber, outcome, 'active', true);
  return outcome;
}

export async function deactivate(world: World, actor: Actor, name: string): Promise<Outcome> {
  const outcome = await request(world, actor, 'DELETE', `${devicesPath}/${name}/activation`);
  if (outcome.status === 204) claim(world, actor, serialOf(actor, name), outcome, 'active', false);
  return outcome;
}

export async function remove(world: World, actor: Actor, name: string): Promise<Outcome> {
  const outcome = await request(world, actor, 'DELETE', `${devicesPath}/${name}`);
  // Hardware tokens are only deactivated.
  const trait = name === hardwareId ? 'active' : 'there';
  if (outcome.status === 204) claim(world, actor, serialOf(actor, name), outcome, trait, false);
  return outcome;
}

export const resync = (world: World, actor: Actor, device: KnownDevice): Promise<Outcome> =>
  request(world, actor, 'POST', `${devicesPath}/${device.name}/resync`, codesOf(world, device));

/** With the access key alone. */
export const resyncOnly = (world: World, actor: Actor, device: KnownDevice): Promise<Outcome> => {
  const body = { deviceId: device.name, ...codesOf(world, device) };
  return request(world, actor, 'POST', '/v1/me/resyncs', body, true);
};

export const label = (world: World, actor: Actor, name: string, text: string | null): Promise<Outcome> =>
  request(world, actor, 'PATCH', `${devicesPath}/${name}`, { label: text });

export const tag = (world: World, actor: Actor, name: string): Promise<Outcome> =>
  request(world, actor, 'POST', `${devicesPath}/${name}/tags`, { tags: { place: actor.name } });

export const untag = (world: World, actor: Actor, name: string): Promise<Outcome> =>
  request(world, actor, 'DELETE', `${devicesPath}/${name}/tags?key=place`);

export const read = (world: World, actor: Actor, target: string): Promise<Outcome> =>
  request(world, actor, 'GET', target, undefined, true);

export const objectTo = (world: World, actor: Actor, recoveryId: string): Promise<Outcome> =>
  request(world, actor, 'PUT', `/v1/me/recoveries/${recoveryId}/objection`, undefined, true);

/** Gets a session with MFA. */
export async function stepUp(world: World, actor: Actor, device: KnownDevice): Promise<Outcome> {
  const presignedUrl = await presigned(world, actor.person.keys, device);
  const outcome = await request(world, actor, 'POST', '/v1/me/sessions', { presignedUrl }, true);
  if (outcome.code === 'device-not-found') actor.hands.enabled.delete(device.name);
  if (outcome.status !== 201) return outcome;
  const { accessKeyId, secretAccessKey, sessionToken } = outcome.json;
  const keys = { accessKeyId, secretAccessKey, sessionToken };
  actor.hands.sessions.push({ keys, issuedAt: world.control.now() });
  return outcome;
}

const serialOf = ({ person }: Actor, id: string): string =>
  id === hardwareId
    ? hardwareSerialNumber
    : `arn:aws:iam::123456789012:mfa/self-service/${person.userName}/${id}`;

function claim(
  { claims, answered }: World,
  { person }: Actor,
  serialNumber: string,
  { from, to }: Outcome,
  trait: Trait,
  value: boolean,
): void {
  claims.push({ person, serialNumber, trait, value, from, to });
  answered();
}
