import type { Cursors } from '../lib/cursor.ts';

/** Part of a list, and the cursor of the next part. */
export interface Page<T> {
  readonly items: T[];
  readonly next?: string;
}

/** The requested part of a list. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * A page of a list sorted by `keyOf`. Items added or removed between pages cause no duplicates and no gaps.
 * Throws `validation-failed` for a cursor that is not from this list.
 */
export function pageOf<T>(
  ordered: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: PageRequest,
  cursors: Cursors,
): Page<T> {
  const after = cursor === undefined ? undefined : cursors.open(cursor);
  const rest = after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || last === undefined) return { items };
  return { items, next: cursors.seal(keyOf(last)) };
}
