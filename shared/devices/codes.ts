import { Metered, type RateLimit } from '../contract/code-limit.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';
import type { CodeBudget } from './ports.ts';

/** Seconds for which a device shows a code (RFC 6238; the only period that AWS supports). */
const period = 30;

/** Seconds until a device with a correct clock shows its next code. */
const secondsToNextCode = (): number => period - (Math.floor(clock.now() / 1000) % period);

/**
 * Codes were refused; says what to do next. Enabling and resynchronising correct a drift of some hours; STS does not.
 */
export const codesRefused = (detail: string, resyncMayHelp: boolean, options?: ErrorOptions): Problem =>
  new Problem(
    'invalid-authentication-code',
    detail,
    { retryAfter: secondsToNextCode(), resyncMayHelp },
    options,
  );

/** The error of a call with two codes; if the codes were to blame, with the time of the next code. */
export function withNextCode(error: unknown): unknown {
  if (!isProblem(error, 'invalid-authentication-code')) return error;
  return codesRefused(
    'AWS did not accept the codes. Send two consecutive codes of this device, the older one first, ' +
      'neither of them used before.',
    false,
    { cause: error },
  );
}

/**
 * Runs a use case that may submit codes. If it does, its output, or the problem it throws, carries what is left of the
 * budget.
 */
export async function metered<Context extends { readonly budget: CodeBudget }, T>(
  context: Context,
  useCase: (context: Context) => Promise<T>,
): Promise<Metered<T>> {
  const seen: { rateLimit?: RateLimit } = {};
  const spend = async (serialNumber: string) => {
    seen.rateLimit = await context.budget.spend(serialNumber);
    return seen.rateLimit;
  };
  try {
    const output = await useCase({ ...context, budget: { spend } });
    return new Metered(output, seen.rateLimit);
  } catch (error) {
    if (seen.rateLimit === undefined || !isProblem(error)) throw error;
    throw error.with({ rateLimit: seen.rateLimit });
  }
}
