import type { Inspection } from '../../local-aws/inspection.ts';
import { isOf } from './iam-model.ts';
import type { Person } from './person.ts';
import { guardsIn, isUnderWay, recoveriesIn } from './table.ts';
import type { World } from './world.ts';

const mostPending = 8;

/**
 * After a kill, whatever was in the journal, and so answered, is still there. Of users for whom something was under way
 * nobody knows.
 */
export function checkSurvived({ people, cutOff, model, report }: World, state: Inspection): void {
  const busy = new Set(
    recoveriesIn(state)
      .filter(isUnderWay)
      .map(({ userName }) => userName),
  );
  for (const person of people) {
    const { userName, userId } = person;
    if (cutOff.has(userName) || busy.has(userName)) continue;
    report.count('users found unchanged after a kill');
    const found = [...activeOf(userId, state), heldIn(state, userName), ...createdBy(userName, state)];
    const told = [...model.activeOf(userName), model.isHeld(userName), ...model.createdBy(userName)];
    if (sorted(found) === sorted(told)) continue;
    const what = `${userName}: found ${sorted(found)}, but the journal told ${sorted(told)}`;
    report.violation('what was answered survives a kill', what, person);
  }
}

const sorted = (values: readonly (string | boolean)[]): string => values.toSorted().join();

/** What is true at any time, as far as a look at the state tells. */
export function checkAlways({ people, report, model, recoveries: known }: World, state: Inspection): void {
  const all = recoveriesIn(state);
  const recoveries = all.filter(isUnderWay);
  const ids = new Set(all.map(({ id }) => id));
  for (const id of known) {
    if (!ids.has(id)) report.violation('what was answered survives a kill', `recovery ${id} is gone`);
  }
  for (const person of people) {
    const { userName, userId } = person;
    const pending = pendingOf(userName, state);
    if (pending.length > mostPending) {
      report.violation(
        `at most ${mostPending} devices are pending`,
        `${userName}: ${pending.length}`,
        person,
      );
    }
    const mine = recoveries.filter((recovery) => recovery.userId === userId);
    if (mine.length > 1) {
      const states = mine.map(({ id, state: at }) => `${id} ${at}`).join(', ');
      report.violation('one recovery at a time', `${userName}: ${states}`, person);
    }
    const [found, told] = [sorted(activeOf(userId, state)), sorted(model.activeOf(userName))];
    if (found !== told) {
      const what = `${userName}: active are ${found}, but by the journal ${told}`;
      report.violation('the journal tells everything', what, person);
    }
  }
}

/** What is true once everything has come to rest. */
export function checkAtRest({ people, report, model }: World, state: Inspection): void {
  const guards = guardsIn(state);
  for (const person of people) {
    const { userName, userId } = person;
    const hasDevice = activeOf(userId, state).length > 0;
    const isHeld = heldIn(state, userName);
    const isGuarded = guards.has(userId);
    const what = `${userName}: ${isHeld ? 'hold' : 'no hold'}, ${isGuarded ? 'guard' : 'no guard'}, ${hasDevice ? 'a device' : 'no device'}`;
    if (isHeld !== isGuarded) report.violation('hold and guard go together', what, person);
    const isHalf = isGuarded ? hasDevice : !hasDevice && model.everActive.has(userName);
    if (isHalf) report.violation('every user is whole or held', what, person);
  }
}

export const heldIn = ({ users }: Inspection, userName: string): boolean =>
  users.some(
    (user) =>
      user.userName === userName && user.attachedPolicies.some((arn) => arn.endsWith('EnrolmentHold')),
  );

export const activeOf = (userId: string, { devices }: Inspection): readonly string[] =>
  devices.filter(({ activeFor }) => activeFor === userId).map(({ serialNumber }) => serialNumber);

const createdBy = (userName: string, { devices }: Pick<Inspection, 'devices'>): readonly string[] =>
  devices.map(({ serialNumber }) => serialNumber).filter((serialNumber) => isOf(userName, serialNumber));

const pendingOf = (userName: string, { devices }: Inspection): readonly string[] =>
  createdBy(userName, { devices: devices.filter(({ activeFor }) => activeFor === undefined) });

/** The latest moment before which a user's sessions must be dead, after a theft; milliseconds. */
export function revokedBefore({ userId }: Person, state: Inspection): number {
  const thefts = recoveriesIn(state).filter(
    (recovery) => recovery.userId === userId && recovery.state === 'executed' && recovery.reason === 'stolen',
  );
  return Math.max(
    0,
    ...thefts.map(({ revokeAfter, executedAt }) => Date.parse(revokeAfter ?? executedAt ?? '')),
  );
}
