import { Problem } from '../contract/problem.ts';

export const recoveryNotFound = (): Problem =>
  new Problem('recovery-not-found', 'There is no recovery with this id. List the recoveries to find it.');

export const recoveryClosed = (detail: string): Problem => new Problem('recovery-closed', detail);

export const separationOfDuties = (detail: string): Problem => new Problem('separation-of-duties', detail);
