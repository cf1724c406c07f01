import { isProblem, Problem } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';

/** Seconds for which a device shows a code (RFC 6238; AWS's devices know no other). */
const period = 30;

/** Seconds until a device whose clock is right shows its next code. */
const secondsToNextCode = (): number => period - (Math.floor(clock.now() / 1000) % period);

/**
 * Codes that were refused, with what to do next. Enabling and resynchronising find a drift of some hours by
 * themselves, STS finds none.
 */
export const codesRefused = (detail: string, resyncMayHelp: boolean, options?: ErrorOptions): Problem =>
  new Problem(
    'invalid-authentication-code',
    detail,
    { retryAfter: secondsToNextCode(), resyncMayHelp },
    options,
  );

/** What a call with two codes threw, telling when the next code comes if the codes were to blame. */
export function withNextCode(error: unknown): unknown {
  if (!isProblem(error, 'invalid-authentication-code')) return error;
  return codesRefused(
    'AWS did not accept the codes. Send two consecutive codes of this device, the older one first, neither used before.',
    false,
    { cause: error },
  );
}
