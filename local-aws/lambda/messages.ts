/** What a function's worker is started with. */
export interface WorkerSetup {
  readonly functionName: string;
  /** File URL of the module that exports `handler`. */
  readonly handlerUrl: string;
  readonly clockMemory: SharedArrayBuffer;
}

/** One invocation. Payloads travel as JSON text, as they do in Lambda. */
export interface Invocation {
  readonly id: string;
  readonly functionArn: string;
  readonly payload: string;
  /** Real time at which Lambda stops waiting, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** An error as Lambda reports it to the invoker. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a worker says: that it can take invocations, how one ended, or that all it wrote until then is on its way. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-error'; readonly error: FunctionError }
  | { readonly kind: 'result'; readonly id: string; readonly payload: string }
  | { readonly kind: 'error'; readonly id: string; readonly error: FunctionError }
  | { readonly kind: 'written'; readonly id: string };
