import { productTagPrefix } from '../contract/patterns.ts';
import type { Tags } from './ports.ts';

/** The product's own tags. They are kept apart from the owner's. */
export const productTags = {
  /** UserId of whoever created the device. */
  owner: `${productTagPrefix}owner`,
  /** RFC 3339; on a pending device only. */
  expiresAt: `${productTagPrefix}expires-at`,
  label: `${productTagPrefix}label`,
} as const;

/** The tags that are the owner's own. */
export const ownTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(productTagPrefix)));
