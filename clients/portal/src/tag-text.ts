import { type Field, type FieldOptions, field } from './field.ts';
import { say, type Words } from './words.ts';

/** The characters that IAM allows in tags. */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether a text is valid in a tag and has at most so many characters. */
export const isTagText = (text: string, most: number): boolean =>
  tagCharacters.test(text) && text.length <= most;

/** Returns what is wrong with a tag's value, if anything. */
export const wrongTagValue = (text: string): Words | undefined =>
  isTagText(text, 256) ? undefined : say('tags.malformedValue');

/** A field for a device's label, which is stored in a tag. */
export const labelField = (value: string, options: Omit<FieldOptions, 'attributes' | 'check'>): Field =>
  field({ ...options, attributes: { value, autocomplete: 'off' }, check: wrongTagValue });
