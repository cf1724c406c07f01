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
