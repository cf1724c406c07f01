import { productTagPrefix } from '../contract/patterns.ts';
import type { Tags } from './ports.ts';

/** The product's own tags, kept apart from the owner's. */
export const productTags = {
  /** UserId of whoever created the device. */
  owner: `${productTagPrefix}owner`,
  /** RFC 3339; on pending devices only. */
  expiresAt: `${productTagPrefix}expires-at`,
  label: `${productTagPrefix}label`,
} as const;

/** The owner's own tags. */
export const ownTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(productTagPrefix)));
