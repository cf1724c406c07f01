/** The form in which names are compared and counted: ignores case, outer spaces and compatibility forms. */
export const personKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** True if two names differ only in how they are written. */
export const samePerson = (one: string, other: string): boolean => personKey(one) === personKey(other);
