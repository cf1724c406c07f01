/** The form in which names are compared and counted: ignores case, outer spaces and compatibility forms. */
export const personKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/**
 * Cyrillic, Greek and odd Latin letters that look like plain Latin ones, and below each the one that it looks like.
 * Source: Unicode UTS #39, confusables.txt.
 */
const strange = 'асԁеһіјорԛѕуѵԝхүӏАВСЕНІЈКМОРЅТУХԜαικνορυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡɩ';
const plain = 'acdehijopqsyvwxylABCEHIJKMOPSTYXWaikvopuxyABEZHIKMNOPTYXiagi';

/** What a name looks like, in plain letters. */
const looks = (name: string): string =>
  personKey([...name.normalize('NFKC')].map((letter) => plain[strange.indexOf(letter)] ?? letter).join(''));

/** True if two names differ only in how they are written, or look the same. */
export const samePerson = (one: string, other: string): boolean =>
  personKey(one) === personKey(other) || looks(one) === looks(other);
