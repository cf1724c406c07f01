/**
 * Results in the order of the items, with at most `most` calls under way. Rejects with the first failure, after which
 * no call is started.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  most: number,
  call: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = entriesOf(items);
  const work = async () => {
    for (const [index, item] of queue) results[index] = await call(item);
  };
  await Promise.all(Array.from({ length: most }, work));
  return results;
}

/** A generator, since whoever leaves a loop over one by an error ends it for all that share it. */
function* entriesOf<T>(items: readonly T[]): Generator<[number, T]> {
  yield* items.entries();
}
