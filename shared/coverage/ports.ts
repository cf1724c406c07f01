/** IAM's table of all users. */
export interface CredentialReport {
  readonly generatedAt: Date;
  /** With a line of column names. Source: IAM user guide, format of the credential report. */
  readonly csv: string;
}

/** What IAM tells of all users of the account. Throws `throttled`, `upstream-failed` or `timeout`. */
export interface AccountDirectory {
  /** The latest report, or a new one where there is none of the last four hours. Throws `report-not-ready`. */
  credentialReport(): Promise<CredentialReport>;
  /** ARNs of the users who hold a virtual device, once for each device, page by page. */
  holdersOfVirtualDevices(): AsyncIterable<readonly string[]>;
}
