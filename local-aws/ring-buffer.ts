const capacity = 1000;

/** The latest thousand items, oldest first. */
export class RingBuffer<Item> {
  #items: Item[] = [];

  get all(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > capacity) this.#items.shift();
  }

  clear(): void {
    this.#items = [];
  }
}
