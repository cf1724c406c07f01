/** The caller: an IAM user of this account, as authenticated by API Gateway. */
export interface Caller {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly accountId: string;
  readonly userName: string;
  /** With its path: `arn:aws:iam::123456789012:user/team/alice`. */
  readonly userArn: string;
  /** `AIDA…`; never reused, not even for a later user of the same name. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** Whether the credentials are temporary. Only the gateway can tell whether MFA was used. */
  readonly temporary: boolean;
}

/** A caller who acts for others: an IAM user or a role session of this account, as authenticated by API Gateway. */
export interface Principal {
  readonly partition: string;
  readonly accountId: string;
  readonly arn: string;
  /** The person: the user's name, or the role session's name, which the role's trust policy pins. */
  readonly name: string;
  readonly temporary: boolean;
}
