/** An IAM policy document. Source: policy grammar, IAM user guide. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;
}

export type OneOrMany = string | readonly string[];
export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany>>;
export type ConditionValue = string | number | boolean | readonly (string | number | boolean)[];

/** An IAM role with its one inline policy. */
export interface Role {
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly name: string;
  readonly trustPolicy: PolicyDocument;
  readonly policyName: string;
  readonly policy: PolicyDocument;
  /** Seconds. */
  readonly maxSessionDuration: number;
}
