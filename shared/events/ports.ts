/** One event as it is put on the bus. */
export interface BusEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  readonly resources: readonly string[];
}

/** Where events go. */
export interface EventBus {
  /**
   * Puts at most ten entries. Gives those that were not taken, to be tried again. Throws a `Problem`: `upstream-failed`,
   * `throttled` or `timeout`.
   */
  put(entries: readonly BusEntry[]): Promise<readonly BusEntry[]>;
}

/** A user as far as somebody has to know him who wants to write to him. */
export interface Addressee {
  readonly userId: string;
  /** The value of his tag `email`. */
  readonly email: string | undefined;
}

/** Where users and their addresses are found. Throws a `Problem`; undefined where there is no user of this name. */
export interface Addressees {
  find(userName: string): Promise<Addressee | undefined>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /** Throws a `Problem`. */
  send(mail: Mail): Promise<void>;
}
