import { type Field, type FieldOptions, field } from './field.ts';
import { say, type Words } from './words.ts';

/** The characters that IAM's tags allow. */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether a tag may have this text, of no more than so many characters. */
export const isTagText = (text: string, most: number): boolean =>
  tagCharacters.test(text) && text.length <= most;

/** What is wrong with a tag's value, if anything is. */
export const wrongTagValue = (text: string): Words | undefined =>
  isTagText(text, 256) ? undefined : say('tags.malformedValue');

/** A field for what the user calls a device. Its label is kept in a tag. */
export const labelField = (value: string, options: Omit<FieldOptions, 'attributes' | 'check'>): Field =>
  field({ ...options, attributes: { value, autocomplete: 'off' }, check: wrongTagValue });
