/** How an operation is called. */
export interface OperationInfo {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters are in braces. */
  readonly path: string;
  /** Names of the query parameters; anything in neither path nor query goes into the body. */
  readonly query?: readonly string[];
  readonly body?: true;
  /** Sent without a signature. */
  readonly anonymous?: true;
  /** Needs a session with MFA. */
  readonly gated?: true;
  /** Not a `GET`, but safe to send twice. */
  readonly repeatable?: true;
}
