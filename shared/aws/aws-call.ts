import { Problem, type ProblemCode, type ProblemExtras } from '../contract/problem.ts';

/** What error codes mean to one call: a problem, or what the call comes to all the same. */
export type Meanings<T> = Readonly<Record<string, Meaning<T>>>;

type Meaning<T> = ProblemCode | ((error: unknown) => T | Promise<T>);

/** Codes that mean the same whatever was called. What is neither here nor at the call is `upstream-failed`. */
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
    'There is no IAM user of exactly this name in the account, or none that this service may look at.',
  'device-not-found': 'You have no device with this id. GET /v1/me/mfa-devices lists those you have.',
  'device-exists': 'A device of this name exists already. Choose another name.',
  'device-in-use': 'Another user holds this device. Create one of another name.',
  'device-active': 'The device is active.',
  'device-limit':
    'AWS allows no further device: a user may have 8, and the number of virtual devices of an account is limited too.',
  'tag-limit': 'AWS keeps 50 tags at most for a device; some are the service’s own.',
  'invalid-authentication-code': 'AWS did not accept the codes.',
  busy: 'AWS is still carrying out another change. Try again shortly.',
  throttled: 'AWS is taking no more calls at the moment. Try again shortly.',
  timeout: 'AWS did not answer in time. Look at GET /v1/me/mfa-devices before you repeat a change.',
};

/**
 * Asks AWS. An error is what its code means: to this call, or else everywhere. Throws a `Problem`, and nothing else
 * unless a meaning does; one that is thrown already stays as it is.
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

/** The problem that an error of AWS is. Nothing of the error's text is shown. */
export const problemOf = (code: ProblemCode, error: unknown): Problem =>
  new Problem(
    code,
    details[code] ?? 'AWS could not be asked, or its answer was of no use. Try again.',
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
