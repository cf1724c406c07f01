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
 * A user's devices in IAM, to read and remove. Every method throws a `Problem`: `busy`, `throttled`,
 * `upstream-failed`, `timeout` or one that it names.
 */
export interface UserDevices {
  /** Devices of every kind that are enabled for the user, at most 8. Throws `user-not-found`. */
  listActive(): Promise<readonly ActiveDevice[]>;
  /** Serial numbers of the account's virtual devices that are enabled for no one and start with `prefix`. */
  listUnassigned(prefix: string): Promise<readonly string[]>;
  /** Throws `device-not-found`. */
  listTags(serialNumber: string): Promise<Tags>;
  /** Throws `device-not-found` if the device is not active for the user. */
  deactivate(serialNumber: string): Promise<void>;
  /** Deletes a virtual device. Throws `device-not-found`, and `device-active` if it is enabled for anyone. */
  remove(serialNumber: string): Promise<void>;
}

/** The caller's devices in IAM, to enrol and manage as well. `busy` and `throttled` mean that `deactivate` did nothing. */
export interface MfaDirectory extends UserDevices {
  /**
   * Throws `device-exists` and `device-limit`.
   * @param path as IAM expects it, with a slash at both ends
   */
  create(path: string, name: string, tags: Tags): Promise<{ serialNumber: string; base32Seed: string }>;
  /**
   * Throws `device-not-found`, `device-in-use`, `device-limit` and `invalid-authentication-code`. These, `busy` and
   * `throttled` mean that the call enabled nothing.
   */
  enable(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  /** Throws `device-not-found` and `invalid-authentication-code`. */
  resync(serialNumber: string, codes: ConsecutiveCodes): Promise<void>;
  /** Throws `device-not-found` and `tag-limit`. */
  tag(serialNumber: string, tags: Tags): Promise<void>;
  /** Throws `device-not-found`. */
  untag(serialNumber: string, keys: readonly string[]): Promise<void>;
}

/** The managed policy that keeps users from enrolling devices directly in IAM until they have enrolled with a pass. */
export interface EnrolmentHold {
  /** Detaches it from the caller, if it is attached. Throws a `Problem`. */
  detach(): Promise<void>;
}

/** How often the caller may still submit codes of a device. */
export interface CodeBudget {
  /**
   * Call it before AWS sees any codes; returns what is left. Throws `throttled` once the limit is reached, and
   * `upstream-failed` if the table fails.
   */
  spend(serialNumber: string): Promise<RateLimit>;
}
