/** How an operation is called. */
export interface OperationInfo {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces. */
  readonly path: string;
  /** Names of the parameters in the query; what is in neither path nor query goes into the body. */
  readonly query?: readonly string[];
  readonly body?: true;
  /** Whether it is sent without a signature. */
  readonly anonymous?: true;
  /** Whether it needs a session with MFA. */
  readonly gated?: true;
  /** Whether sending it twice does what sending it once does; of what is no `GET`. */
  readonly repeatable?: true;
}
