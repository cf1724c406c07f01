import { crossOrigin } from './checks/cors.ts';
import { gatewayAnswers } from './checks/gateway-answers.ts';
import { letIn, staffLetIn } from './checks/let-in.ts';
import { openRoutes } from './checks/open-routes.ts';
import { federatedUsers, oldSessions } from './checks/other-sessions.ts';
import { refusals } from './checks/refusals.ts';
import { type Check, type Finding, findingOf } from './finding.ts';
import { smokeRun } from './smoke/run.ts';
import type { Subject } from './subject.ts';

/** A run of all checks, or of some. */
export interface Run {
  readonly checks: readonly Check[];
  /** Leaves nothing behind, whatever happened. */
  readonly cleanUp: () => Promise<unknown>;
}

/** All checks, in their order: those that wait for a session to go stale come last. */
export function checksOf(subject: Subject): Run {
  const known = letIn(subject);
  if (!subject.operations.some(({ gate }) => gate === 'second-factor')) {
    throw new Error('No operation needs the second factor.');
  }
  const smoke = smokeRun(subject);
  return {
    checks: [
      ...known.checks,
      ...staffLetIn(subject),
      ...openRoutes(subject),
      ...crossOrigin(subject),
      ...refusals(subject, known),
      ...federatedUsers(subject, known),
      ...smoke.checks,
      ...oldSessions(subject, known),
      // Last, since one of them takes an expired session.
      ...gatewayAnswers(subject),
    ],
    cleanUp: smoke.cleanUp,
  };
}

/** Runs the checks one after another and yields the result of each. */
export async function* verify(
  subject: Subject,
  isWanted: (check: Check) => boolean = () => true,
): AsyncGenerator<Finding> {
  const { checks, cleanUp } = checksOf(subject);
  try {
    for (const check of checks) if (isWanted(check)) yield await findingOf(check);
  } finally {
    await cleanUp();
  }
}
