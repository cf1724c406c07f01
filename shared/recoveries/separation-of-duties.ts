import { samePerson } from './person-name.ts';
import type { Recovery } from './recovery.ts';
import { separationOfDuties } from './refusals.ts';

/** Throws `separation-of-duties` for the two who have an interest in the recovery. */
export function assertNeitherRequesterNorSubject(recovery: Recovery, by: string): void {
  assertNotSubject(recovery, by);
  if (samePerson(recovery.requestedBy, by))
    throw separationOfDuties('You asked for this recovery, so somebody else has to decide on it.');
}

/** Throws `separation-of-duties` for the user whose devices are to go. */
export function assertNotSubject(recovery: Recovery, by: string): void {
  if (samePerson(recovery.userName, by))
    throw separationOfDuties('This recovery is about your own devices, so others have to decide on it.');
}
