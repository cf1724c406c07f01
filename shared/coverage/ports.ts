export interface CredentialReport {
  readonly generatedAt: Date;
  /** With a header line. Source: IAM user guide, credential report format. */
  readonly csv: string;
}

/** Reads about all users of the account. Throws `throttled`, `upstream-failed` or `timeout`. */
export interface AccountDirectory {
  /** The latest report, or a new one if that is older than four hours. Throws `report-not-ready`. */
  credentialReport(): Promise<CredentialReport>;
  /** ARNs of users with a virtual device, one per device, page by page. */
  holdersOfVirtualDevices(): AsyncIterable<readonly string[]>;
}
