import type { CallOptions } from './options.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** The items of all pages of a list, such as `paginate(client.listMfaDevices, { limit: 50 })`. */
export async function* paginate<Input extends { readonly cursor?: string | undefined }, Item>(
  list: (input?: Input, options?: CallOptions) => Promise<Page<Item>>,
  input: NoInfer<Input>,
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  let page = await list(input, options);
  yield* page.items;
  while (page.next !== undefined) {
    page = await list({ ...input, cursor: page.next }, options);
    yield* page.items;
  }
}
