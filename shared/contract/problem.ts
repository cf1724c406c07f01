import type { RateLimit } from './code-limit.ts';

/**
 * Every problem that the API can return: code → HTTP status and title. Callers switch on the code.
 * Format: RFC 9457. Meaning and remedy of each code: docs/problems.md.
 */
export const problems = {
  'validation-failed': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 403, title: 'The request is not signed by a known access key' },
  'session-expired': { status: 403, title: 'The session has expired' },
  'access-denied': { status: 403, title: 'You are not allowed to do this' },
  'step-up-required': { status: 403, title: 'A recent session with MFA is required' },
  'first-device-only': { status: 403, title: 'You already have an MFA device' },
  'enrolment-pass-required': { status: 403, title: 'An enrolment pass is required' },
  'enrolment-pass-invalid': { status: 403, title: 'The enrolment pass is not valid' },
  'separation-of-duties': { status: 403, title: 'Another person has to do this' },
  'webhook-refused': { status: 403, title: 'The webhook is not signed correctly' },
  'device-not-found': { status: 404, title: 'You have no such MFA device' },
  'user-not-found': { status: 404, title: 'There is no such IAM user' },
  'recovery-not-found': { status: 404, title: 'There is no such recovery' },
  'ticketing-not-configured': { status: 404, title: 'This ticketing system is not connected' },
  'route-not-found': { status: 404, title: 'There is no such route' },
  'device-exists': { status: 409, title: 'The device name is taken' },
  'device-in-use': { status: 409, title: 'Another user holds this device' },
  'device-active': { status: 409, title: 'The device is active' },
  'no-active-device': { status: 409, title: 'There is no active MFA device' },
  'last-device': { status: 409, title: 'This is your last active MFA device' },
  'not-taggable': { status: 409, title: 'This device cannot have tags' },
  'not-resyncable': { status: 409, title: 'This device cannot be resynchronised' },
  'recently-resynchronised': { status: 409, title: 'The device was resynchronised without MFA' },
  'tag-limit': { status: 409, title: 'The device cannot have more tags' },
  'device-limit': { status: 409, title: 'No more MFA devices are allowed' },
  'too-many-pending': { status: 409, title: 'Too many of your devices are not enabled' },
  'device-not-ready': { status: 409, title: 'STS does not know this device yet' },
  'recovery-exists': { status: 409, title: 'The ticket already has a different recovery' },
  'recovery-closed': { status: 409, title: 'The state of the recovery does not allow this' },
  'resync-instead': { status: 409, title: 'The device only needs to be resynchronised' },
  busy: { status: 409, title: 'Another change is under way' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'The request body must be JSON' },
  'invalid-authentication-code': { status: 422, title: 'The authentication code was not accepted' },
  'recovery-limit': { status: 429, title: 'Too many recoveries were requested today' },
  throttled: { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'The service failed' },
  'upstream-failed': { status: 502, title: 'A call to AWS failed' },
  'report-not-ready': { status: 503, title: 'IAM is still generating the credential report' },
  timeout: { status: 504, title: 'AWS did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One thing wrong with the input. `pointer` is a JSON pointer (RFC 6901) below `/body`, `/query` or `/path`. */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

/** Optional members of a problem document. */
export interface ProblemMembers {
  readonly errors?: readonly InputError[];
  /** Seconds, also sent as `Retry-After`. */
  readonly retryAfter?: number;
  /** Whether resynchronising the device may help: its clock may have drifted. */
  readonly resyncMayHelp?: boolean;
  /** Seconds for which a session with MFA counts as recent (`max_age` in RFC 9470). */
  readonly maxAgeSeconds?: number;
  /** When the caller can change their devices again (RFC 3339). */
  readonly changesAllowedFrom?: string;
  /** AWS's request id of the failed call. */
  readonly awsRequestId?: string;
}

/** What a problem carries besides its code and detail. */
export interface ProblemExtras extends ProblemMembers {
  /** Set if AWS refused the call before it looked at what was to change; never sent. */
  readonly unchanged?: boolean;
  /** Set if codes were submitted before the failure; sent as headers only. */
  readonly rateLimit?: RateLimit;
}

/** An expected failure. `detail` is shown to the caller: no AWS text, seed, code or credential belongs in it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return problems[this.code].status;
  }

  /** The same problem with more extras. */
  with(extras: ProblemExtras): Problem {
    return new Problem(this.code, this.message, { ...this.extras, ...extras }, { cause: this.cause });
  }
}

/** The code under which an error is returned, logged and counted. */
export const problemCodeOf = (error: unknown): ProblemCode =>
  error instanceof Problem ? error.code : 'internal-error';

/** True for a `Problem` of one of the given codes. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}
