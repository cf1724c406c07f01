import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** One error in the input. `pointer` is a JSON pointer below `/body`, `/query` or `/path`. */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What failed: the API answered with a problem, could not be reached or did not answer in time; something else answered
 * in its place; or no session with MFA could be obtained.
 */
export type ApiErrorKind = 'problem' | 'network' | 'timeout' | 'unexpected-answer' | 'step-up';

interface ApiErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Any failure of a call other than an abort. Errors never contain codes, seeds, credentials or request bodies. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly kind: ApiErrorKind;
  /** The operation that was called, such as `enableMfaDevice`. */
  readonly operation: string;
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** Give this to whoever runs the API. */
  readonly requestId: string | undefined;
  /** Seconds to wait before trying again. */
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

/** Includes codes that this version of the client does not know. */
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

/** The API refused a call, or failed, and says why. Switch on `code`; `detail` is for people. */
export class ProblemError<Code extends string = AnyProblemCode> extends ApiError {
  override readonly name = 'ProblemError';
  declare readonly status: number;
  readonly code: Code;
  readonly title: string;
  readonly detail: string;
  /** Errors in the input. */
  readonly errors: readonly InputError[];
  /** Seconds for which a session with MFA counts as recent. */
  readonly maxAgeSeconds: number | undefined;
  /** Whether resynchronising the device could help. */
  readonly resyncMayHelp: boolean | undefined;
  /** The id of the API's own request to AWS. */
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

  /** The problem document, for logs. */
  toJSON(): ProblemDocument {
    const { name, kind, operation, ...document } = this;
    return document;
  }
}

/** Why no session could be obtained. */
export type StepUpFailure =
  /** The client was created without the `code` callback. */
  | 'no-callback'
  /** The credentials are temporary, and STS does not issue sessions for those. */
  | 'temporary-credentials'
  /** The user has no active device that shows codes. */
  | 'no-device'
  /** The callback did not say which of several devices its code is from, or named an unknown one. */
  | 'no-such-device'
  /** The callback returned no code. */
  | 'cancelled'
  /** The code was not six digits. */
  | 'malformed-code';

/** A call needs a session with MFA, and none could be obtained. `cause` is the refused call's problem. */
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
  'no-callback': 'Create the client with the code option to get a session.',
  'temporary-credentials':
    'The call was refused. If it lacked recent MFA: STS does not issue sessions for temporary credentials. ' +
    'Sign with the access key of an IAM user, or with a session that has MFA.',
  'no-device': 'You have no active MFA device that shows codes. Enrol one with createFirstMfaDevice.',
  'no-such-device': 'The code callback must return the deviceId for its code.',
  cancelled: 'No code was given.',
  'malformed-code': 'A code has six digits.',
};

/** Whether an error is a problem with one of these codes, or without codes, any problem. */
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ProblemError<Code> {
  const known: readonly string[] = codes;
  return error instanceof ProblemError && (known.length === 0 || known.includes(error.code));
}

/** Whether this version's contract includes a code, so that a `switch` can be exhaustive. */
export function isKnownCode(code: string): code is ProblemCode {
  const known: readonly string[] = problemCodes;
  return known.includes(code);
}
