import type { RateLimit } from '../contract/code-limit.ts';

/** A device that is enabled for the caller. */
export interface ActiveDevice {
  readonly serialNumber: string;
  readonly enabledAt: Date;
}

/** Two consecutive TOTPs of a device, the older one first. */
export interface ConsecutiveCodes {
  readonly code1: string;
  readonly code2: string;
}

export type Tags = Readonly<Record<string, string>>;

/**
 * The caller's devices in IAM. Every method throws a `Problem`: `device-not-found`, `device-exists`, `device-active`,
 * `device-limit`, `invalid-authentication-code`, `busy`, `throttled`, `upstream-failed` or `timeout`.
 */
export interface MfaDirectory {
  /** Devices of every kind that are enabled for the caller, at most 8. */
  listActive(): Promise<readonly ActiveDevice[]>;
  /** Serial numbers of the account's virtual devices that nobody holds and that begin with `prefix`. */
  listUnassigned(prefix: string): Promise<readonly string[]>;
  listTags(serialNumber: string): Promise<Tags>;
  /** @param path as IAM wants it, beginning and ending with a slash */
  create(path: string, name: string, tags: Tags): Promise<{ serialNumber: string; base32Seed: string }>;
  enable(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  /** Throws `device-not-found` where the device is not active. */
  deactivate(serialNumber: string): Promise<void>;
  resync(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  tag(serialNumber: string, tags: Tags): Promise<void>;
  untag(serialNumber: string, keys: readonly string[]): Promise<void>;
  /** Deletes a virtual device that is not active. */
  remove(serialNumber: string): Promise<void>;
}

/** The managed policy that keeps a user from enrolling devices at IAM itself until he has enrolled with a pass. */
export interface EnrolmentHold {
  /** Takes it off the caller; it may be off already. Throws a `Problem`. */
  detach(): Promise<void>;
}

/** How often the caller may still send codes of a device. */
export interface CodeBudget {
  /**
   * To be called before AWS sees codes; answers what is left. Throws `throttled` where they are too many,
   * `upstream-failed` without the table.
   */
  spend(serialNumber: string): Promise<RateLimit>;
}
