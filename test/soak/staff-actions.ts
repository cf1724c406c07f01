import { jiraSigner, type Signer, standardSigner, zendeskSigner } from '../support/webhooks.ts';
import type { PersonalAction } from './device-actions.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import { type Outcome, send, sendUnsigned } from './requests.ts';
import { agents, approvers } from './staff.ts';
import type { World } from './world.ts';

const reasons = ['lost', 'stolen', 'stolen', 'broken', 'replaced', 'out_of_sync'] as const;

interface Known {
  readonly id: string;
  readonly userName: string;
  readonly requestedBy: string;
}

/** What is asked for, with or without names of devices. */
function wanted(person: Person, random: Random, world: World) {
  const devices = random.chance(0.25) ? person.own.devices.map(({ name }) => name).slice(0, 2) : [];
  world.tickets += 1;
  return {
    id: `INC${world.tickets}`,
    userName: person.userName,
    reason: random.pick(reasons),
    ...(devices.length > 0 && { deviceIds: devices }),
  };
}

async function request(world: World, person: Person, random: Random): Promise<void> {
  const { id, ...rest } = wanted(person, random, world);
  const body = { ticket: { system: 'servicenow', id }, ...rest };
  const agent = random.pick(agents);
  const sending = { actor: agent, person, method: 'POST', target: '/v1/recoveries', body };
  learn(world, await send(world, world.staff.sessionOf(agent), sending));
}

async function webhook(world: World, person: Person, random: Random): Promise<void> {
  const signer: Signer = random.pick([standardSigner, jiraSigner, zendeskSigner]);
  const { id, ...rest } = wanted(person, random, world);
  // Like all signatures, these carry real time.
  const at = Date.now();
  const body = signer.body({ ticket: { id }, requestedBy: 'Wendy Hook', ...rest }, at);
  const headers = { 'Content-Type': 'application/json', ...signer.sign(body, 'local-ticketing-secret', at) };
  const target = `/v1/ticketing/${signer.system}`;
  const sending = { actor: signer.system, person, method: 'POST', target, body, headers };
  learn(world, await sendUnsigned(world, sending));
  // Ticketing systems repeat a webhook when they are in doubt.
  if (random.chance(0.2)) await sendUnsigned(world, sending);
}

function learn({ recoveries }: World, { json }: Outcome): void {
  const id = json.id ?? json.recoveryId;
  if (typeof id === 'string') recoveries.add(id);
}

/** A recovery of the person's, as an approver sees it. */
async function recoveryOf(
  world: World,
  person: Person,
  random: Random,
  state: string,
): Promise<Known | undefined> {
  const target = `/v1/recoveries?state=${state}`;
  const sending = { actor: 'pat', person, method: 'GET', target };
  const { json } = await send(world, world.staff.sessionOf('pat'), sending);
  const items: readonly Known[] = json.items ?? [];
  return random.maybe(items.filter(({ userName }) => userName === person.userName)) ?? random.maybe(items);
}

const decision =
  (what: 'approval' | 'denial' | 'cancellation', states: readonly string[]): PersonalAction['run'] =>
  async (world, person, random) => {
    const found = await recoveryOf(world, person, random, random.pick(states));
    if (found === undefined) return;
    const approver = random.pick(approvers);
    const subject = world.people.find(({ userName }) => userName === found.userName);
    const target = `/v1/recoveries/${found.id}/${what}`;
    await send(world, world.staff.sessionOf(approver), {
      actor: approver,
      person: subject,
      method: 'PUT',
      target,
    });
  };

async function handOver(world: World, person: Person, random: Random): Promise<void> {
  const found = await recoveryOf(world, person, random, 'executed');
  const subject = world.people.find(({ userName }) => userName === found?.userName);
  if (found !== undefined && subject !== undefined)
    await issuePass(world, subject, found.id, random.pick(approvers));
}

/** Issues a pass, and hands it to the user. */
export async function issuePass(
  world: World,
  person: Person,
  id: string,
  approver: string,
): Promise<Outcome> {
  const target = `/v1/recoveries/${id}/enrolment-pass`;
  const sending = { actor: approver, person, method: 'POST', target };
  const outcome = await send(world, world.staff.sessionOf(approver), sending);
  if (outcome.status === 201) person.pass = outcome.json.enrolmentPass;
  return outcome;
}

export const staffActions: readonly PersonalAction[] = [
  { name: 'request', weight: 4, run: request },
  { name: 'webhook', weight: 3, run: webhook },
  { name: 'approve', weight: 9, run: decision('approval', ['requested', 'requested', 'objected']) },
  { name: 'deny', weight: 1, run: decision('denial', ['requested', 'objected']) },
  { name: 'cancel', weight: 1, run: decision('cancellation', ['approved', 'executing', 'requested']) },
  { name: 'hand over a pass', weight: 4, run: handOver },
];
