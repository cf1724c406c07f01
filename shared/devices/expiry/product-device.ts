import { clock } from '../../lib/clock.ts';
import type { Tags } from '../ports.ts';
import { productTags } from '../tags.ts';

/** Exactly `/self-service/<user name>/<device name>`. */
export const isProductPath = (serialNumber: string): boolean =>
  /^arn:[\w-]+:iam::\d{12}:mfa\/self-service\/[\w+=,.@-]{1,64}\/[A-Za-z0-9._-]{1,64}$/.test(serialNumber);

/** The path of a user's devices. */
export const pathOf = (serialNumber: string): string =>
  serialNumber.slice(0, serialNumber.lastIndexOf('/') + 1);

/** The owner's UserId; undefined unless the tag is exactly as the product writes it. */
export function ownerIn(tags: Tags): string | undefined {
  const ownerId = tags[productTags.owner] ?? '';
  return /^AIDA\w{1,124}$/.test(ownerId) ? ownerId : undefined;
}

/** The owner of an expired device; undefined unless its tags are exactly as the product writes them. */
export function ownerIfExpired(tags: Tags): string | undefined {
  const expiresAt = tags[productTags.expiresAt] ?? '';
  const time = Date.parse(expiresAt);
  if (Number.isNaN(time) || new Date(time).toISOString() !== expiresAt) return undefined;
  return time < clock.now() ? ownerIn(tags) : undefined;
}

/** All of them, beginning at a random one, so that none is starved if a run cannot treat them all. */
export function fromAnywhere<T>(all: readonly T[]): readonly T[] {
  const start = Math.floor(Math.random() * all.length);
  return [...all.slice(start), ...all.slice(0, start)];
}
