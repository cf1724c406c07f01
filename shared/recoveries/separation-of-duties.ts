import { samePerson } from './person-name.ts';
import type { Recovery } from './recovery.ts';
import { separationOfDuties } from './refusals.ts';

/** Throws `separation-of-duties` for the two people with a stake in the recovery. */
export function assertNeitherRequesterNorSubject(recovery: Recovery, by: string): void {
  assertNotSubject(recovery, by);
  if (samePerson(recovery.requestedBy, by))
    throw separationOfDuties('You requested this recovery, so someone else has to decide on it.');
}

/** Throws `separation-of-duties` for the user whose devices would be removed. */
export function assertNotSubject(recovery: Recovery, by: string): void {
  if (samePerson(recovery.userName, by))
    throw separationOfDuties('This recovery is for your own devices, so someone else has to decide on it.');
}
