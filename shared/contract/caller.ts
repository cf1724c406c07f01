/** Who calls: an IAM user of this account, as API Gateway authenticated him. */
export interface Caller {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly accountId: string;
  readonly userName: string;
  /** With its path: `arn:aws:iam::123456789012:user/team/alice`. */
  readonly userArn: string;
  /** `AIDA…`; never given to another user, also not to one of the same name later. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** Whether the credentials are temporary. Whether MFA was used, only the gateway can see. */
  readonly temporary: boolean;
}

/** Who calls on behalf of others: an IAM user or a role session of this account, as API Gateway authenticated it. */
export interface Principal {
  readonly partition: string;
  readonly accountId: string;
  readonly arn: string;
  /** The person: the user's name, or for a role the session's name, which the role's trust policy pins. */
  readonly name: string;
  readonly temporary: boolean;
}
