import { Problem, type ProblemCode, type ProblemExtras } from '../contract/problem.ts';

/** Which problem an AWS error is, by its code; anything not listed is `upstream-failed`. */
const problemOf = new Map<string, ProblemCode>(
  Object.entries({
    EntityAlreadyExists: 'device-exists',
    NoSuchEntity: 'device-not-found',
    InvalidAuthenticationCode: 'invalid-authentication-code',
    LimitExceeded: 'device-limit',
    ConcurrentModification: 'busy',
    EntityTemporarilyUnmodifiable: 'busy',
    DeleteConflict: 'device-active',
    Throttling: 'throttled',
    ThrottlingException: 'throttled',
    ThrottledException: 'throttled',
    RequestLimitExceeded: 'throttled',
    TooManyRequestsException: 'throttled',
    TimeoutError: 'upstream-failed',
    AbortError: 'timeout',
  } as const),
);

const details: Partial<Record<ProblemCode, string>> = {
  'device-exists': 'A device of this name exists already. Choose another name.',
  'device-not-found': 'You have no device with this id. GET /v1/me/mfa-devices lists those you have.',
  'device-active': 'The device is active.',
  'device-limit':
    'AWS allows no further device: a user may have 8, and the number of virtual devices of an account is limited too.',
  'invalid-authentication-code': 'AWS did not accept the codes.',
  busy: 'AWS is still carrying out another change. Try again shortly.',
  throttled: 'AWS is taking no more calls at the moment. Try again shortly.',
  timeout: 'AWS did not answer in time. Look at GET /v1/me/mfa-devices before you repeat a change.',
};

/**
 * A failed AWS call as a problem. Only the error's code is looked at, and nothing of its text is shown.
 * A `Problem` is returned as it is.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = problemOf.get(errorCodeOf(error)) ?? 'upstream-failed';
  const extras: ProblemExtras = { ...retryAfterOf(code), ...awsRequestIdOf(error) };
  return new Problem(
    code,
    details[code] ?? 'AWS could not be asked, or its answer was of no use. Try again.',
    extras,
    {
      cause: error,
    },
  );
}

/** The AWS error code, without the `Exception` that the SDK appends to the names of modelled errors. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return problemOf.has(error.name) ? error.name : error.name.replace(/Exception$/, '');
}

const retryAfterOf = (code: ProblemCode): ProblemExtras =>
  code === 'busy' || code === 'throttled' ? { retryAfter: 2 } : {};

function awsRequestIdOf(error: unknown): ProblemExtras {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const requestId: unknown = Reflect.get(Object(metadata), 'requestId');
  return typeof requestId === 'string' ? { awsRequestId: requestId } : {};
}
