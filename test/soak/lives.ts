import type { Inspection } from '../../local-aws/inspection.ts';
import { createFirst, enableFirst, ownerOf, stepUp, thiefOf } from './device-requests.ts';
import { activeOf, heldIn, revokedBefore } from './invariants.ts';
import type { KnownSession, Person } from './person.ts';
import type { Random } from './random.ts';
import { send } from './requests.ts';
import { issuePass } from './staff-actions.ts';
import { guardsIn, recoveriesIn } from './table.ts';
import type { World } from './world.ts';

const sessionMillis = 129_600_000;
const mostSessions = 4;
const mostStepUps = 3;

/** Whether sessions are as dead or alive as they should be, and whether everyone can go on. */
export async function checkLives(world: World, state: Inspection, random: Random): Promise<void> {
  for (const person of world.people) await checkSessions(world, person, state);
  // So that codes are new, STS knows all devices, and no limit is used up.
  await world.control.advance(240);
  const whole = world.people.filter(({ userId }) => activeOf(userId, state).length > 0);
  for (let left = mostStepUps; left > 0 && whole.length > 0; left -= 1) {
    await checkStepUp(world, random.pick(whole), state);
  }
  for (const person of world.people) {
    if (heldIn(state, person.userName) && random.chance(0.7)) await comeBack(world, person, state);
  }
}

/** While a user is held no session with MFA works, and after a theft none from before. */
async function checkSessions(world: World, person: Person, state: Inspection): Promise<void> {
  const { control, report } = world;
  const isHeld = heldIn(state, person.userName);
  const revoked = revokedBefore(person, state);
  for (const { sessions } of [person.own, person.stolen]) {
    const alive = sessions.filter(({ issuedAt }) => issuedAt + sessionMillis > control.now());
    sessions.splice(0, sessions.length, ...alive.slice(-mostSessions));
    for (const session of sessions) {
      const mustBeDead = isHeld || session.issuedAt < revoked;
      const works = await isAlive(world, person, session);
      report.count(`sessions seen ${works ? 'alive' : 'dead'}`);
      const why = isHeld ? 'held' : 'stolen from';
      const issued = new Date(session.issuedAt).toISOString();
      if (mustBeDead && works) {
        report.violation(
          'old sessions are dead',
          `${person.userName} was ${why}; session of ${issued}`,
          person,
        );
      }
    }
  }
}

async function isAlive(world: World, person: Person, { keys }: KnownSession): Promise<boolean> {
  const { status } = await send(world, keys, { actor: 'session', person, method: 'GET', target: '/v1/me' });
  return status === 200;
}

/** Whoever has a device, and knows its seed, gets a session. */
async function checkStepUp(world: World, person: Person, state: Inspection): Promise<void> {
  const active = activeOf(person.userId, state);
  // Of seeds under one name only IAM knows which came last.
  const known = [ownerOf(person), thiefOf(person)].flatMap((actor) =>
    actor.hands.devices
      .filter(({ serialNumber }) => active.includes(serialNumber))
      .map((device) => ({ actor, device })),
  );
  for (const { actor, device } of known) {
    const { status } = await stepUp(world, actor, device);
    if (status === 201) {
      world.report.count('whole users who got a session');
      return;
    }
  }
  if (known.length > 0) world.report.count('whole users of whose devices no seed is known');
}

/** Whoever is held gets a pass, and with it enrols again. */
async function comeBack(world: World, person: Person, state: Inspection): Promise<void> {
  const { report, control } = world;
  const id = guardsIn(state).get(person.userId);
  const recovery = recoveriesIn(state).find((candidate) => candidate.id === id);
  const fail = (what: string) =>
    report.violation('a held user can come back', `${person.userName}: ${what}`, person);
  // Until somebody makes room, this user stays on hold.
  if (recovery?.failure === 'policy-quota') return report.count('held users without room for a revocation');
  if (id === undefined || recovery?.state !== 'executed') {
    return fail(`the guard is of recovery ${id}, which is ${recovery?.state ?? 'unknown'}`);
  }
  const actor = ownerOf(person);
  const issued = await issuePass(world, person, id, 'pat');
  const created = await createFirst(world, actor, 'd1', person.pass);
  const device = actor.hands.devices.find(({ name }) => name === 'd1');
  const enabled = device && (await enableFirst(world, actor, device));
  const after = await control.state();
  const statuses = [issued.status, created.status, enabled?.status];
  if (statuses.join() !== '201,201,200') fail(`the answers were ${statuses.join(', ')}`);
  else if (heldIn(after, person.userName) || guardsIn(after).has(person.userId))
    fail('hold or guard is left');
  else report.count('held users who came back');
}
