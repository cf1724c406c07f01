import type * as z from 'zod/mini';

/** Parses a function's event. Throws a short error that names each invalid member, never its value. */
export function parseEvent<Schema extends z.ZodMiniType>(schema: Schema, event: unknown): z.output<Schema> {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  const places = new Set(result.error.issues.map(({ path }) => path.join('.') || 'all of it'));
  throw new Error(`The event is not valid: ${[...places].slice(0, mostPlaces).join(', ')}`);
}

const mostPlaces = 10;
