import type { PolicyDocument } from '../infra/policies/policy-document.ts';

export type {
  ConditionValue,
  OneOrMany,
  PolicyDocument,
  PrincipalElement,
  Statement,
} from '../infra/policies/policy-document.ts';

/** Who signed a request. Times are milliseconds of the local AWS's clock. */
export interface Principal {
  readonly type: 'user' | 'assumed-role' | 'federated-user' | 'root';
  readonly accountId: string;
  /**
   * `arn:aws:iam::A:user/path/NAME`, `arn:aws:sts::A:assumed-role/ROLE/SESSION`, `arn:aws:sts::A:federated-user/NAME` or
   * `arn:aws:iam::A:root`.
   */
  readonly arn: string;
  /** Users only. */
  readonly userName?: string;
  /** `AIDA…`, `AROA…:session`, or a federated user's `account:name`. */
  readonly userId: string;
  /** Assumed roles only: the ARN of the role itself, with its path. */
  readonly roleArn?: string;
  /** Federated users only: the id of the user who called GetFederationToken. */
  readonly federatedBy?: string;
  readonly accessKeyId: string;
  /** Present when the credentials are temporary. */
  readonly session?: SessionContext;
}

export interface SessionContext {
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When MFA was verified, if it was. */
  readonly mfaAt?: number;
  readonly sourceIdentity?: string;
  /** Assumed roles only: the ARN of the principal that began the chain of roles. */
  readonly origin?: string;
  /** Session policies of AssumeRole and GetFederationToken. */
  readonly policies: readonly PolicyDocument[];
}

/** Why credentials were rejected; the names are AWS's error codes. */
export type CredentialError = 'InvalidClientTokenId' | 'ExpiredToken' | 'AccessDenied';

/** Resolves access keys. Implemented by the account, used wherever a signature is verified. */
export interface Credentials {
  resolve(
    accessKeyId: string,
    sessionToken: string | undefined,
  ):
    | { readonly secretAccessKey: string; readonly principal: Principal }
    | { readonly error: CredentialError };
  /** The policies attached to the principal's user or role (inline and managed), without session policies. */
  identityPoliciesOf(principal: Principal): readonly PolicyDocument[];
}
