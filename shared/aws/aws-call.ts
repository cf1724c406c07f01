import { Problem, type ProblemCode, type ProblemExtras } from '../contract/problem.ts';

/** What AWS error codes mean for one call: a problem, or a function that returns a result or throws. */
export type Meanings<T> = Readonly<Record<string, Meaning<T>>>;

type Meaning<T> = ProblemCode | ((error: unknown) => T | Promise<T>);

/** Codes that mean the same for every call. A code with no meaning here or at the call is `upstream-failed`. */
const everywhere = {
  ConcurrentModification: 'busy',
  EntityTemporarilyUnmodifiable: 'busy',
  Throttling: 'throttled',
  Throttled: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequests: 'throttled',
  AbortError: 'timeout',
} as const;

const details: Partial<Record<ProblemCode, string>> = {
  'user-not-found':
    'There is no IAM user of exactly this name in the account, or none that this service may read.',
  'device-not-found': 'You have no device with this id. GET /v1/me/mfa-devices lists those you have.',
  'device-exists': 'A device with this name already exists. Choose another name.',
  'device-in-use': 'Another user holds this device. Create one with another name.',
  'device-active': 'The device is active.',
  'device-limit':
    'AWS allows no more devices: a user may have 8, and an account has a limit on virtual devices too.',
  'tag-limit': 'AWS allows 50 tags per device, and this service uses some of them.',
  'invalid-authentication-code': 'AWS did not accept the codes.',
  busy: 'AWS is still carrying out another change. Try again shortly.',
  throttled: 'AWS is accepting no more calls at the moment. Try again shortly.',
  timeout: 'AWS did not answer in time. Check GET /v1/me/mfa-devices before you repeat a change.',
};

/**
 * Calls AWS. The code of an error is looked up in the meanings of this call, then in those of every call. Throws only
 * `Problem`s, unless a meaning throws something else; a `Problem` that is already thrown passes through.
 */
export async function awsCall<T>(ask: () => Promise<T>, meanings: Meanings<T> = {}): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const known = new Map<string, Meaning<T>>(Object.entries({ ...everywhere, ...meanings }));
    const meaning = known.get(errorCodeOf(error)) ?? 'upstream-failed';
    if (typeof meaning === 'function') return meaning(error);
    throw problemOf(meaning, error);
  }
}

/** The problem for an AWS error. Shows nothing of the error's text. */
export const problemOf = (code: ProblemCode, error: unknown): Problem =>
  new Problem(
    code,
    details[code] ?? 'AWS could not be reached, or its answer was unusable. Try again.',
    { ...retryAfterOf(code), ...awsRequestIdOf(error) },
    { cause: error },
  );

/** The AWS error code, without the `Exception` that the SDK appends to the names of modelled errors. */
const errorCodeOf = (error: unknown): string =>
  error instanceof Error ? error.name.replace(/Exception$/, '') : '';

const retryAfterOf = (code: ProblemCode): ProblemExtras =>
  code === 'busy' || code === 'throttled' ? { retryAfter: 2 } : {};

function awsRequestIdOf(error: unknown): ProblemExtras {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const requestId: unknown = Reflect.get(Object(metadata), 'requestId');
  return typeof requestId === 'string' ? { awsRequestId: requestId } : {};
}
