import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** One thing wrong with the input. `pointer` is a JSON pointer below `/body`, `/query` or `/path`. */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What failed: the API answered a problem, could not be reached, did not answer in time, answered what it never would
 * itself, or no session with MFA could be obtained.
 */
export type ApiErrorKind = 'problem' | 'network' | 'timeout' | 'unexpected-answer' | 'step-up';

interface ApiErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Every failure of a call but an abort. No error shows codes, seeds, credentials or what was sent. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly kind: ApiErrorKind;
  /** The operation that was called, such as `enableMfaDevice`. */
  readonly operation: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** To be told to whoever runs the API. */
  readonly requestId: string | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;

  constructor(kind: ApiErrorKind, operation: string, message: string, details: ApiErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : {});
    this.kind = kind;
    this.operation = operation;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }
}

/** A code that this version of the client may not know. */
export type AnyProblemCode = ProblemCode | (string & {});

/** The members of a problem document (RFC 9457). */
export interface ProblemDocument {
  readonly code: string;
  readonly status: number;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
  readonly awsRequestId?: string | undefined;
  readonly errors?: readonly InputError[] | undefined;
  readonly retryAfter?: number | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly resyncMayHelp?: boolean | undefined;
}

/** The API refused a call, or failed, and said why. Switch on `code`; `detail` is for people. */
export class ProblemError<Code extends string = AnyProblemCode> extends ApiError {
  override readonly name = 'ProblemError';
  declare readonly status: number;
  readonly code: Code;
  readonly title: string;
  readonly detail: string;
  /** What is wrong with the input. */
  readonly errors: readonly InputError[];
  /** Seconds for which a session with MFA counts as recent. */
  readonly maxAgeSeconds: number | undefined;
  /** Whether resynchronising the device may help. */
  readonly resyncMayHelp: boolean | undefined;
  /** The request id that AWS gave the API. */
  readonly awsRequestId: string | undefined;

  constructor(operation: string, document: ProblemDocument & { readonly code: Code }) {
    const { code, title = code, detail = title } = document;
    super('problem', operation, `${detail} (${code})`, document);
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = document.errors ?? [];
    this.maxAgeSeconds = document.maxAgeSeconds;
    this.resyncMayHelp = document.resyncMayHelp;
    this.awsRequestId = document.awsRequestId;
  }

  /** The problem document again, for logs. */
  toJSON(): ProblemDocument {
    const { name, kind, operation, ...document } = this;
    return document;
  }
}

/** Why no session could be obtained. */
export type StepUpFailure =
  /** The client was made without the `code` callback. */
  | 'no-callback'
  /** The credentials are temporary ones, with which STS gives no session. */
  | 'temporary-credentials'
  /** The user has no active device that shows codes. */
  | 'no-device'
  /** The callback did not say which of several devices its code is of, or named none of them. */
  | 'no-such-device'
  /** The callback gave no code. */
  | 'cancelled'
  /** The codes were not six digits. */
  | 'malformed-code';

/** A call needs a session with MFA, and none could be obtained. `cause` is the problem of the refused call. */
export class StepUpError extends ApiError {
  override readonly name = 'StepUpError';
  readonly reason: StepUpFailure;

  constructor(reason: StepUpFailure, operation: string, cause?: ProblemError) {
    super('step-up', operation, stepUpMessages[reason], {
      status: cause?.status,
      requestId: cause?.requestId,
      ...(cause !== undefined && { cause }),
    });
    this.reason = reason;
  }
}

const stepUpMessages: Readonly<Record<StepUpFailure, string>> = {
  'no-callback': 'Make the client with the code option to get a session.',
  'temporary-credentials':
    'The call was refused. If that is for want of recent MFA: STS gives no session for these temporary credentials. ' +
    'Sign with the access key of an IAM user, or with a session that has MFA.',
  'no-device': 'You have no active MFA device that shows codes. Enrol a first one with createFirstMfaDevice.',
  'no-such-device': 'The code callback has to name the deviceId of its code.',
  cancelled: 'No code was given.',
  'malformed-code': 'A code is six digits.',
};

/** True for a problem with one of these codes; without codes, for any problem. */
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ProblemError<Code> {
  const known: readonly string[] = codes;
  return error instanceof ProblemError && (known.length === 0 || known.includes(error.code));
}

/** True for a code of this version's contract, so that a `switch` can be complete. */
export function isKnownCode(code: string): code is ProblemCode {
  const known: readonly string[] = problemCodes;
  return known.includes(code);
}
