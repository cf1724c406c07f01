export type SignatureError = {
  readonly code:
    | 'MissingAuthenticationToken'
    | 'IncompleteSignature'
    | 'SignatureDoesNotMatch'
    | 'InvalidClientTokenId'
    | 'ExpiredToken'
    | 'AccessDenied';
  /** In AWS's words; contains neither what was signed nor anything secret. */
  readonly message: string;
  readonly status: 400 | 403;
};

/** Carries a SignatureError to `verifySignature`. */
export class SignatureFailure extends Error {
  readonly error: SignatureError;

  constructor(code: SignatureError['code'], message: string) {
    super(message);
    this.error = { code, message, status: code === 'IncompleteSignature' ? 400 : 403 };
  }
}

/** Throws unless the condition holds. */
export function demand(condition: boolean, code: SignatureError['code'], message: string): asserts condition {
  if (!condition) throw new SignatureFailure(code, message);
}
