import { isProblem, Problem, type ProblemCode } from '../contract/problem.ts';

/** Whether IAM refused a change for certain: by one of the codes given, or before it looked at the device. */
export const changedNothing = (error: unknown, ...codes: readonly [ProblemCode, ...ProblemCode[]]): boolean =>
  isProblem(error, ...codes) || (isProblem(error) && error.extras.unchanged === true);

/** Codes that say by themselves that repeating helps. */
const passing = ['busy', 'throttled', 'timeout'] as const;
/** Codes whose detail says what to do before repeating. */
const explained = ['tag-limit', 'device-active'] as const;

/**
 * Throws a failure after which a change is half done, with what is done as its detail. It keeps its code if callers can
 * act on it; otherwise it is `upstream-failed`.
 * @param done a sentence
 */
export const halfDone =
  (done: string) =>
  (error: unknown): never => {
    const options = { cause: error };
    if (isProblem(error, ...passing))
      throw new Problem(error.code, `${done} Repeat this call.`, error.extras, options);
    if (isProblem(error, ...explained))
      throw new Problem(error.code, `${done} ${error.message} Repeat this call.`, error.extras, options);
    throw new Problem('upstream-failed', `${done} Repeat this call.`, {}, options);
  };
