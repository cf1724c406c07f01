import { createHash } from 'node:crypto';
import { validationError } from './aws-error.ts';

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** A page of a list; the paging members have AWS's names. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * A page of `items`, which are sorted by `position`. A marker holds the position of a page's last item, so that changes
 * between pages neither repeat nor hide other items.
 * @param list the list's name; markers of other lists are refused
 */
export function pageOf<Item>(
  list: string,
  items: readonly Item[],
  position: (item: Item) => string | number,
  { Marker, MaxItems = 100 }: PageRequest,
): Page<Item> {
  const after = Marker === undefined ? undefined : openMarker(list, Marker);
  const found = after === undefined ? 0 : items.findIndex((item) => position(item) > after);
  const start = found === -1 ? items.length : found;
  const page = items.slice(start, start + MaxItems);
  const last = page.at(-1);
  if (last === undefined || start + MaxItems >= items.length)
    return { items: page, paging: { IsTruncated: false } };
  return { items: page, paging: { IsTruncated: true, Marker: marker(list, position(last)) } };
}

function marker(list: string, position: string | number): string {
  const content = JSON.stringify(position);
  return Buffer.from(checksum(list, content) + content).toString('base64url');
}

function openMarker(list: string, text: string): string | number {
  const decoded = Buffer.from(text, 'base64url').toString();
  const content = decoded.slice(checksumLength);
  if (decoded.slice(0, checksumLength) !== checksum(list, content)) throw validationError('Invalid Marker.');
  const position: unknown = JSON.parse(content);
  if (typeof position !== 'string' && typeof position !== 'number') throw validationError('Invalid Marker.');
  return position;
}

const checksumLength = 12;

function checksum(list: string, content: string): string {
  return createHash('sha256').update(`${list}\n${content}`).digest('base64url').slice(0, checksumLength);
}
