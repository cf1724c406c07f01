import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newTags, tagKey, tags } from '../../../shared/contract/schemas.ts';
import { ownTags } from '../../../shared/devices/tags.ts';

/** Names of what every object has, which a careless record loses or takes from there. */
const ofObjects = Object.getOwnPropertyNames(Object.prototype);

const key = fc.oneof(
  fc.constantFrom(...ofObjects),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 128 })
    .filter((text) => tagKey.safeParse(text).success),
);
const anyTags = fc
  .uniqueArray(fc.tuple(key, fc.constantFrom('', 'x', 'null')), {
    minLength: 1,
    maxLength: 50,
    selector: ([name]) => name,
  })
  .map((entries): Record<string, string> => Object.fromEntries(entries));

/** In no order: a parsed `__proto__` is the last one. */
const entriesOf = (parsed: object) => new Map(Object.entries(parsed));

describe('tags of every key', () => {
  it('are kept, whether sent or answered', () => {
    fc.assert(
      fc.property(anyTags, (sent) => {
        const received = JSON.parse(JSON.stringify(sent));
        expect(entriesOf(newTags.parse(received))).toEqual(entriesOf(sent));
        expect(entriesOf(tags.parse(ownTags(received)))).toEqual(entriesOf(sent));
      }),
    );
  });

  it.each(ofObjects)('are checked: %s', (name) => {
    const result = newTags.safeParse(JSON.parse(`{"ok":"x","${name}":{"a":1}}`));

    expect(result.error?.issues).toMatchObject([{ path: [name], code: 'invalid_type', expected: 'string' }]);
    expect(newTags.safeParse(JSON.parse(`{"${name}":"<script>"}`)).success).toBe(false);
  });

  it('count, all of them', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));

    expect(newTags.safeParse(many).success).toBe(true);
    expect(
      newTags.safeParse(JSON.parse(JSON.stringify(many).replace('{', '{"__proto__":"x",'))).success,
    ).toBe(false);
    expect(newTags.safeParse({}).success).toBe(false);
  });

  it('change no prototype', () => {
    const parsed = newTags.parse(JSON.parse('{"__proto__":"x"}'));

    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.hasOwn(parsed, '__proto__')).toBe(true);
  });
});
