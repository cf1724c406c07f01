/** A device recently enabled or deactivated, or about to be, as the table remembers it. */
export interface RecentChange {
  readonly serialNumber: string;
  /** The intended state. */
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A recovery removed, or is removing, the user's devices: they can enrol only with a pass. */
export interface Guard {
  readonly recoveryId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * From when on the sweep compares the guard with the hold, in milliseconds since the epoch; default is five minutes
   * after `at`.
   */
  readonly checkAfter?: number | undefined;
  /** Whether the user's sessions have still to be revoked, whichever recovery holds the guard by then. */
  readonly mustRevoke?: boolean | undefined;
}

/** A virtual device that the user created, or was about to create. */
export interface Creation {
  readonly serialNumber: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether it may still be pending. */
  readonly pending: boolean;
}

/** A device that was resynchronised with an access key alone. */
export interface KeyResync {
  readonly serialNumber: string;
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
  /** The device created with it; the pass enables no other. */
  readonly serialNumber?: string | undefined;
  /** Wrong passes sent since it was issued. */
  readonly wrong: number;
}

/** What the table keeps about a user besides the lease itself. */
export interface UserRecord {
  readonly guard: Guard | undefined;
  readonly pass: StoredPass | undefined;
  /** Id of the only recovery that may be approved or executing for the user. */
  readonly recoveryUnderWay: string | undefined;
  readonly creations: readonly Creation[];
  readonly resyncs: readonly KeyResync[];
  /** At most one per device. IAM's lists may not show them yet. */
  readonly recent: readonly RecentChange[];
}

/** The exclusive, temporary right to change the caller's devices. Writes throw `busy` once it is lost. */
export interface HeldLease extends UserRecord {
  /** Writes the given members; undefined removes one. */
  write(next: Partial<Omit<UserRecord, 'recent'>>): Promise<void>;
  putGuard(guard: Guard): Promise<void>;
  /** Removes guard and pass. */
  liftGuard(): Promise<void>;
  /** Replaces the pass; undefined removes it. */
  putPass(pass: StoredPass | undefined): Promise<void>;
  /** Notes a change before it is made. Throws `busy` if the lease is lost: then do not make it. */
  record(serialNumber: string, active: boolean): Promise<void>;
  /** Withdraws the note once it is certain that nothing changed. */
  forget(serialNumber: string): Promise<void>;
}

/** One change at a time per user, however many functions run. */
export interface ChangeLease {
  /** Throws `busy` while another change of the user's is under way, and `upstream-failed` if the table fails. */
  run<T>(change: (lease: HeldLease) => Promise<T>): Promise<T>;
}
