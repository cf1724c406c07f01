import { enrolmentHoldArn } from '../../infra/template/resource-names.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { codesOf } from './codes.ts';
import {
  type Actor,
  createFirst,
  createFurther,
  deactivate,
  enableFirst,
  enableFurther,
  enableHardware,
  hardwareId,
  label,
  objectTo,
  ownerOf,
  read,
  remove,
  resync,
  resyncOnly,
  stepUp,
  tag,
  thiefOf,
  untag,
} from './device-requests.ts';
import type { KnownDevice, Person } from './person.ts';
import type { Random } from './random.ts';
import { sendToIam } from './requests.ts';
import type { World } from './world.ts';

/** Something that happens to one user. */
export interface PersonalAction {
  readonly name: string;
  readonly weight: number;
  readonly run: (world: World, person: Person, random: Random) => Promise<unknown>;
}

/** Few, so that names collide. */
const names = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9', 'd10'] as const;

type Doing = (world: World, actor: Actor, random: Random) => Promise<unknown>;

const withDevice =
  (use: (world: World, actor: Actor, device: KnownDevice, random: Random) => Promise<unknown>): Doing =>
  async (world, actor, random) => {
    const device = random.maybe(actor.hands.devices);
    if (device !== undefined) await use(world, actor, device, random);
  };

/** Mostly with a device that they have enabled. */
const getSession: Doing = async (world, actor, random) => {
  const { devices, enabled } = actor.hands;
  const active = devices.filter(({ name }) => enabled.has(name));
  const device = random.maybe(random.chance(0.9) ? active : devices);
  if (device !== undefined) await stepUp(world, actor, device);
};

const newFirst: Doing = (world, actor, random) => {
  const pass = actor.name === 'owner' && random.chance(0.9) ? actor.person.pass : guess(actor, random);
  return createFirst(world, actor, random.pick(names), pass);
};

/** Thieves try a pass now and then. */
const guess = ({ name }: Actor, random: Random): string | undefined =>
  name === 'thief' && random.chance(0.1) ? Array.from({ length: 6 }, () => 'abcd').join('-') : undefined;

const anyName = (actor: Actor, random: Random): string =>
  random.chance(0.8)
    ? (random.maybe(actor.person.own.devices)?.name ?? 'd1')
    : random.pick([...names, hardwareId]);

const enableAnother = withDevice((world, actor, device, random) =>
  enableFurther(world, actor, device, random.chance(0.35) ? anyName(actor, random) : undefined),
);

const whole: Doing = async (world, actor, random) => {
  const pass = actor.name === 'owner' ? actor.person.pass : guess(actor, random);
  const { status } = await createFirst(world, actor, random.pick(names), pass);
  const device = actor.hands.devices.at(-1);
  if (status === 201 && device) await enableFirst(world, actor, device);
};

const objection: Doing = async (world, actor, random) => {
  const { json } = await read(world, actor, '/v1/me/recoveries');
  const id = random.maybe<{ id: string }>(json.items ?? [])?.id;
  if (id !== undefined) await objectTo(world, actor, id);
};

const doings: readonly { readonly name: string; readonly weight: number; readonly run: Doing }[] = [
  { name: 'create first', weight: 6, run: newFirst },
  { name: 'enable first', weight: 8, run: withDevice(enableFirst) },
  { name: 'step up', weight: 10, run: getSession },
  {
    name: 'create',
    weight: 10,
    run: (world, actor, random) => createFurther(world, actor, random.pick(names)),
  },
  { name: 'enable', weight: 12, run: enableAnother },
  {
    name: 'deactivate',
    weight: 4,
    run: (world, actor, random) => deactivate(world, actor, anyName(actor, random)),
  },
  { name: 'delete', weight: 4, run: (world, actor, random) => remove(world, actor, anyName(actor, random)) },
  { name: 'resync', weight: 2, run: withDevice(resync) },
  { name: 'resync with the key', weight: 1, run: withDevice(resyncOnly) },
  {
    name: 'label',
    weight: 2,
    run: (world, actor, random) => label(world, actor, anyName(actor, random), 'mine'),
  },
  { name: 'tag', weight: 2, run: (world, actor, random) => tag(world, actor, anyName(actor, random)) },
  { name: 'untag', weight: 1, run: (world, actor, random) => untag(world, actor, anyName(actor, random)) },
  { name: 'hardware', weight: 2, run: enableHardware },
  { name: 'me', weight: 2, run: (world, actor) => read(world, actor, '/v1/me') },
  { name: 'list', weight: 2, run: (world, actor) => read(world, actor, '/v1/me/mfa-devices') },
  { name: 'object', weight: 4, run: objection },
];

/** Attacks past the API, with whatever the thief has. */
async function attackIam(world: World, person: Person, random: Random): Promise<void> {
  if (person.mayEnrolAtIam && random.chance(0.7)) return intrude(world, person);
  const session = random.chance(0.5) ? person.stolen.latestSession : undefined;
  const serial = `arn:aws:iam::123456789012:mfa/self-service/${person.userName}/${random.pick(names)}`;
  const device = { UserName: person.userName, SerialNumber: serial };
  const parameters = random.pick([
    { Action: 'ResyncMFADevice', ...device, AuthenticationCode1: '123456', AuthenticationCode2: '654321' },
    { Action: 'DeactivateMFADevice', ...device },
    { Action: 'DeleteVirtualMFADevice', SerialNumber: serial },
    { Action: 'DetachUserPolicy', UserName: person.userName, PolicyArn: holdArn },
  ]);
  await sendToIam(world, session?.keys ?? person.keys, { actor: 'thief', person, parameters });
}

const holdArn = enrolmentHoldArn(deployment);

/** Enrols at IAM itself, as AWS lets a bare key do while its user has no device. */
async function intrude(world: World, person: Person): Promise<void> {
  const name = `intruder-${person.userName}`;
  const call = (parameters: Readonly<Record<string, string>>) =>
    sendToIam(world, person.keys, { actor: 'thief', person, parameters });
  const { text } = await call({ Action: 'CreateVirtualMFADevice', VirtualMFADeviceName: name });
  const seed64 = /<Base32StringSeed>([^<]+)/.exec(text)?.[1];
  const serialNumber = `arn:aws:iam::123456789012:mfa/${name}`;
  if (seed64 !== undefined) {
    const seed = Buffer.from(seed64, 'base64').toString();
    world.secrets.note('seed', seed);
    person.stolen.keep({ name, serialNumber, seed });
  }
  const device = person.stolen.devices.find((known) => known.name === name);
  if (device === undefined) return;
  const { code1: AuthenticationCode1, code2: AuthenticationCode2 } = codesOf(world, device);
  const codes = { AuthenticationCode1, AuthenticationCode2 };
  const { userName: UserName } = person;
  await call({ Action: 'EnableMFADevice', UserName, SerialNumber: serialNumber, ...codes });
}

/** The thief gets hold of what the owner has. */
async function steal(_: World, { own, stolen }: Person, random: Random): Promise<void> {
  const session = random.maybe(own.sessions);
  if (session !== undefined) stolen.sessions.push(session);
  const device = random.maybe(own.devices);
  if (device !== undefined && random.chance(0.3)) stolen.keep(device);
}

const stepUpMillis = 900_000;
const gated = new Set(['create', 'enable', 'deactivate', 'delete', 'resync', 'label', 'tag']);

/** What someone would do next: enrol, get a session, and use it while it is fresh. */
const sensible: Doing = (world, actor, random) => {
  const { devices, latestSession } = actor.hands;
  if (devices.length === 0) return whole(world, actor, random);
  const age = world.control.now() - (latestSession?.issuedAt ?? 0);
  const isFresh = age < stepUpMillis;
  if (!isFresh) return (random.chance(0.6) ? getSession : withDevice(enableFirst))(world, actor, random);
  return random.weighted(doings.filter(({ name }) => gated.has(name))).run(world, actor, random);
};

const doingOf = (random: Random): Doing => (random.chance(0.8) ? sensible : random.weighted(doings).run);

/** Several things at once, by owner and thief. */
async function burst(world: World, person: Person, random: Random): Promise<void> {
  const actors = [ownerOf(person), ownerOf(person), random.chance(0.5) ? thiefOf(person) : ownerOf(person)];
  await Promise.all(actors.map((actor) => doingOf(random)(world, actor, random)));
}

/** First devices at once, by owner and thief, of someone who has none. */
async function race(world: World, someone: Person, random: Random): Promise<void> {
  const without = world.people.filter(({ userName }) => world.model.activeOf(userName).length === 0);
  const person = random.maybe(without) ?? someone;
  await Promise.all(
    [ownerOf(person), ownerOf(person), thiefOf(person)].map((actor) => whole(world, actor, random)),
  );
}

export const personalActions: readonly PersonalAction[] = [
  {
    name: 'owner',
    weight: 55,
    run: (world, person, random) => doingOf(random)(world, ownerOf(person), random),
  },
  {
    name: 'thief',
    weight: 14,
    run: (world, person, random) => doingOf(random)(world, thiefOf(person), random),
  },
  { name: 'burst', weight: 8, run: burst },
  { name: 'race', weight: 4, run: race },
  { name: 'enrol', weight: 4, run: (world, person, random) => whole(world, ownerOf(person), random) },
  { name: 'attack IAM', weight: 3, run: attackIam },
  { name: 'steal', weight: 2, run: steal },
];
