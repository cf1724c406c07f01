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

/** A device enabled or deactivated lately, or about to be, as the table remembers it. */
export interface RecentChange {
  readonly serialNumber: string;
  /** What it was to become. */
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A recovery took, or is taking, the user's devices: he enrols with a pass only. */
export interface Guard {
  readonly recoveryId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An enrolment pass as the table keeps it. */
export interface StoredPass {
  readonly recoveryId: string;
  /** SHA-256 of the pass, in base64url. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The device that was created with it; it enables no other. */
  readonly serialNumber?: string | undefined;
  /** Wrong passes that were sent since it was issued. */
  readonly wrong: number;
}

/** The right to change the caller's devices, alone, for a while. Writes throw `busy` if it was lost meanwhile. */
export interface HeldLease {
  readonly guard: Guard | undefined;
  readonly pass: StoredPass | undefined;
  putGuard(guard: Guard): Promise<void>;
  /** Takes guard and pass away. */
  liftGuard(): Promise<void>;
  /** Puts the pass in place of the one before; undefined takes it away. */
  putPass(pass: StoredPass | undefined): Promise<void>;
  /** At most one per device; IAM's lists may not show them yet. */
  readonly recent: readonly RecentChange[];
  /** Notes what is about to be done. Throws `busy` if the lease was lost meanwhile: then do not do it. */
  record(serialNumber: string, active: boolean): Promise<void>;
  /** Takes the note back, once it is certain that nothing was done. */
  forget(serialNumber: string): Promise<void>;
}

/** One change at a time per user, whatever number of functions run. */
export interface ChangeLease {
  /** Throws `busy` while another change of the caller's is under way, `upstream-failed` without the table. */
  run<T>(change: (lease: HeldLease) => Promise<T>): Promise<T>;
}

/** The managed policy that keeps a user from enrolling devices at IAM itself until he has enrolled with a pass. */
export interface EnrolmentHold {
  /** Takes it off the caller; it may be off already. Throws a `Problem`. */
  detach(): Promise<void>;
}

/** How often the caller may still send codes of a device. */
export interface CodeBudget {
  /** To be called before AWS sees codes. Throws `throttled` where they are too many, `upstream-failed` without the table. */
  spend(serialNumber: string): Promise<void>;
}

/** Temporary credentials of STS. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** RFC 3339. */
  readonly expiration: string;
}

/** Sends a GetSessionToken request that the caller signed. */
export interface SessionRelay {
  /** Undefined when STS refused the second factor. Throws `validation-failed`, `throttled`, `upstream-failed`, `timeout`. */
  getSessionToken(url: URL): Promise<SessionCredentials | undefined>;
}
