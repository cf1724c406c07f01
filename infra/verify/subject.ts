import type { Operation } from '../../shared/contract/operation.ts';
import type { StaffAudience } from '../policies/managed-policies.ts';
import type { Client } from './client.ts';
import type { Keys } from './sign.ts';

/** What `GET /v1/me` says. */
export interface Me {
  readonly userName: string;
  readonly userArn: string;
  readonly stsEndpoint: string;
  readonly stepUpMaxAgeSeconds: number;
}

/** Something that a run may not have, and why. */
export type Perhaps<T> = { readonly keys: T } | { readonly missing: string };

/** The API, and who calls it. */
export interface Subject {
  readonly client: Client;
  readonly operations: readonly Operation[];
  readonly region: string;
  readonly me: Me;
  readonly longTerm: Keys;
  /** A session of the same user without MFA. */
  readonly withoutMfa: Keys;
  /** A session of the same user with MFA, just obtained. */
  readonly steppedUp: Keys;
  /** A session of the same user with MFA from too long ago; asked for last, since it may have to be waited for. */
  readonly old: () => Promise<Perhaps<Keys>>;
  /** A session that has expired. */
  readonly expired: () => Promise<Perhaps<Keys>>;
  /** A federated user with the permissions of the same user. */
  readonly federated: Perhaps<Keys>;
  /** Sessions of roles that act for others. */
  readonly staff: Partial<Readonly<Record<StaffAudience, Keys>>>;
  /** Origins whose pages may call the API. */
  readonly origins: readonly string[];
  /** Whether to create a device and delete it, and ask for recoveries and close them. */
  readonly smoke: boolean;
  /** Waits for milliseconds. */
  readonly pause: (millis: number) => Promise<void>;
}

export const isGated = ({ gate }: Operation): boolean => gate === 'second-factor';
export const isSigned = ({ gate }: Operation): boolean => gate !== 'anonymous';
export const isSelfService = ({ audience }: Operation): boolean => audience.includes('self-service');
