/** A person's name as it is compared and counted: without case, outer spaces and compatible forms of letters. */
export const personKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** True where two names can only be told apart by how they are written. */
export const samePerson = (one: string, other: string): boolean => personKey(one) === personKey(other);
