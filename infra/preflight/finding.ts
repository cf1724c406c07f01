/**
 * What became of a check: `changes` is worth reading and nothing more, `differs` and `missing` must be put right before
 * a deployment.
 */
export type Verdict = 'ok' | 'changes' | 'differs' | 'missing' | 'not checked';

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, and what to do. */
  readonly lines: readonly string[];
}

export const finding = (check: string, verdict: Verdict, ...lines: readonly string[]): Finding => ({
  check,
  verdict,
  lines,
});

/** Whether there are differences decides. @param todo what to do about them */
export const compared = (
  check: string,
  differences: readonly string[],
  ...todo: readonly string[]
): Finding =>
  differences.length === 0 ? finding(check, 'ok') : finding(check, 'differs', ...differences, ...todo);

const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedException',
]);

/** The result of a step, or that whoever runs it lacks the permission. Any other failure is thrown. */
export async function permitted<Result>(
  check: string,
  permission: string,
  step: () => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly refused: Finding }> {
  try {
    return { result: await step() };
  } catch (error) {
    if (!(error instanceof Error) || !refusals.has(error.name)) throw error;
    return {
      refused: finding(check, 'not checked', `it needs ${permission} (infra/deployer/preflight.json)`),
    };
  }
}

/** A check that needs a permission. */
export async function checked(
  check: string,
  permission: string,
  step: () => Promise<Finding>,
): Promise<Finding> {
  const outcome = await permitted(check, permission, step);
  return 'refused' in outcome ? outcome.refused : outcome.result;
}
