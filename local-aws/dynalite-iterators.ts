import { AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';

/**
 * Lets dynalite close the iterators of its store. At the end of each query it calls `return`, which they do not have, so
 * all that were ever made stayed open, each with the items as they were.
 */
export function closeIterators(): void {
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    Object.defineProperty(prototype, 'return', {
      configurable: true,
      value(this: { close(): Promise<void> }) {
        return this.close();
      },
    });
  }
}
