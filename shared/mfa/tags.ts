import type { Tags } from './ports.ts';

/** The product's own tags. They are kept apart from the owner's. */
export const productTags = {
  /** UserId of whoever created the device. */
  owner: 'mfa-self-service:owner',
  /** RFC 3339; on a pending device only. */
  expiresAt: 'mfa-self-service:expires-at',
  label: 'mfa-self-service:label',
} as const;

const productPrefix = 'mfa-self-service:';

/** The tags that are the owner's own. */
export const ownTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(productPrefix)));
