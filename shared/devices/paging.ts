import type { Cursors } from '../lib/cursor.ts';

/** Part of a list, and where to go on. */
export interface Page<T> {
  readonly items: T[];
  readonly next?: string;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * A page of a list that is ordered by `keyOf`; nothing is shown twice or left out because of what came or went before.
 * Throws `validation-failed` for a cursor that is not of this list.
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
