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
 * A user's devices in IAM, to be looked at and taken. Every method throws a `Problem`: `busy`, `throttled`,
 * `upstream-failed`, `timeout` or what it names.
 */
export interface UserDevices {
  /** Devices of every kind that are enabled for the user, at most 8. Throws `user-not-found`. */
  listActive(): Promise<readonly ActiveDevice[]>;
  /** Serial numbers of the account's virtual devices that nobody holds and that begin with `prefix`. */
  listUnassigned(prefix: string): Promise<readonly string[]>;
  /** Throws `device-not-found`. */
  listTags(serialNumber: string): Promise<Tags>;
  /** Throws `device-not-found` where the device is not active for the user. */
  deactivate(serialNumber: string): Promise<void>;
  /** Deletes a virtual device. Throws `device-not-found`, and `device-active` where somebody holds it. */
  remove(serialNumber: string): Promise<void>;
}

/** The caller's devices in IAM, also to be enrolled and kept. */
export interface MfaDirectory extends UserDevices {
  /**
   * Throws `device-exists` and `device-limit`.
   * @param path as IAM wants it, beginning and ending with a slash
   */
  create(path: string, name: string, tags: Tags): Promise<{ serialNumber: string; base32Seed: string }>;
  /** Throws `device-not-found`, `device-in-use`, `device-limit` and `invalid-authentication-code`. */
  enable(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  /** Throws `device-not-found` and `invalid-authentication-code`. */
  resync(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  /** Throws `device-not-found` and `tag-limit`. */
  tag(serialNumber: string, tags: Tags): Promise<void>;
  /** Throws `device-not-found`. */
  untag(serialNumber: string, keys: readonly string[]): Promise<void>;
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
