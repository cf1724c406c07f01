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
