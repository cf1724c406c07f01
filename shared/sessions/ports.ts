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
  /** Undefined if STS refused the code. Throws `validation-failed`, `throttled`, `upstream-failed` or `timeout`. */
  getSessionToken(url: URL): Promise<SessionCredentials | undefined>;
}
