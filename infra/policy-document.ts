/** An IAM policy document; what its parts mean is documented in the IAM user guide's policy grammar. */
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
