import * as z from 'zod';
import type { EventPattern, Matcher } from '../../infra/template/event-rules.ts';

const prefix = z.strictObject({ prefix: z.string() });
const matcher: z.ZodType<Matcher> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  prefix,
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ 'anything-but': z.union([z.string(), z.array(z.string()), prefix]) }),
]);

/** A pattern with no operators but those in use here. */
export const eventPattern: z.ZodType<EventPattern> = z.lazy(() =>
  z.record(z.string(), z.union([z.array(matcher).min(1), eventPattern])),
);

/** Whether an event matches a pattern (EventBridge user guide, "Event patterns"; only the operators in use here). */
export function matchesPattern(event: object, pattern: EventPattern): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value: unknown = Object.hasOwn(event, field) ? Reflect.get(event, field) : undefined;
    return isMatchers(wanted)
      ? wanted.some((matcher) => matchesAny(value, matcher))
      : isWithin(value, wanted);
  });
}

/** A missing object has no fields; in a list of objects, one must match. */
function isWithin(value: unknown, pattern: EventPattern): boolean {
  const objects = Array.isArray(value) ? value : [value];
  return objects.some((item) => matchesPattern(isObject(item) ? item : {}, pattern));
}

/** In a list of values, one must match. Objects are ignored: operators compare only leaves. */
function matchesAny(value: unknown, matcher: Matcher): boolean {
  const leaves = (Array.isArray(value) ? value : [value]).filter(
    (item) => item !== undefined && !(typeof item === 'object' && item !== null),
  );
  if (isObject(matcher) && 'exists' in matcher) return leaves.length > 0 === matcher.exists;
  return leaves.some((leaf) => matchesLeaf(leaf, matcher));
}

function matchesLeaf(leaf: unknown, matcher: Exclude<Matcher, { exists: boolean }>): boolean {
  if (!isObject(matcher)) return leaf === matcher;
  if ('prefix' in matcher) return hasPrefix(leaf, matcher.prefix);
  const excluded = matcher['anything-but'];
  if (typeof excluded === 'string') return leaf !== excluded;
  if ('prefix' in excluded) return !hasPrefix(leaf, excluded.prefix);
  return !excluded.some((value) => value === leaf);
}

function hasPrefix(leaf: unknown, prefix: string): boolean {
  return typeof leaf === 'string' && leaf.startsWith(prefix);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Array.isArray does not narrow readonly arrays.
function isMatchers(wanted: readonly Matcher[] | EventPattern): wanted is readonly Matcher[] {
  return Array.isArray(wanted);
}
