/** The data that a function's worker is started with. */
export interface WorkerSetup {
  readonly functionName: string;
  /** File URL of the module that exports `handler`. */
  readonly handlerUrl: string;
  /** MB. */
  readonly memorySize: number;
  readonly clockMemory: SharedArrayBuffer;
}

/** One invocation. As in Lambda, payloads are JSON text. */
export interface Invocation {
  readonly id: string;
  readonly functionArn: string;
  readonly payload: string;
  /** When the invocation times out, by real time, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** An error as Lambda reports it to the invoker. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** A worker reports that it is ready, how an invocation ended, and that all of an invocation's output has been sent. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-error'; readonly error: FunctionError }
  | { readonly kind: 'result'; readonly id: string; readonly payload: string }
  | { readonly kind: 'error'; readonly id: string; readonly error: FunctionError }
  | { readonly kind: 'written'; readonly id: string };
