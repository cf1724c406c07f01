/** What it takes to write to a user. */
export interface Addressee {
  readonly userId: string;
  /** The value of their tag `email`. */
  readonly email: string | undefined;
}

export interface Addressees {
  /** Undefined if there is no user of this name. Throws a `Problem`. */
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
