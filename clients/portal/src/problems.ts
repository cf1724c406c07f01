import { ApiError, isProblem, ProblemError, StepUpError } from '../../typescript/src/index.ts';
import { type MessageKey, messages } from './messages.ts';
import { joined, say, type Words, wholeMinute } from './words.ts';

/** What happened and what to do about it, in plain words. */
export function explain(error: unknown): Words {
  if (error instanceof StepUpError) return explainStepUp(error);
  if (error instanceof ProblemError) return explainProblem(error);
  if (!(error instanceof ApiError)) return say('problem.other');
  if (error.kind === 'network') return say('problem.network');
  return say(error.kind === 'timeout' ? 'problem.late' : 'problem.unexpected');
}

function explainStepUp({ reason }: StepUpError): Words {
  if (reason === 'temporary-credentials') return say('problem.sessionTooOld');
  if (reason === 'no-device') return say('problem.noDevice');
  return say(reason === 'malformed-code' ? 'codes.malformed' : 'problem.other');
}

function explainProblem(error: ProblemError): Words {
  const seconds = error.retryAfter ?? 30;
  const said = say(keyOf(error), {
    seconds,
    minutes: Math.ceil(seconds / 60),
    time: wholeMinute(Date.now() + seconds * 1000),
  });
  if (error.resyncMayHelp) return joined(said, say('problem.resyncMayHelp'));
  const reportable = error.status !== undefined && error.status >= 500 && error.requestId !== undefined;
  return reportable ? joined(said, say('problem.requestId', { id: error.requestId ?? '' })) : said;
}

function keyOf(error: ProblemError): MessageKey {
  if (isProblem(error, 'timeout')) return 'problem.late';
  // API Gateway does not tell keys of other accounts from users without the policy.
  if (isProblem(error, 'access-denied') && error.operation === 'getMe') return 'problem.notInThisAccount';
  // With two codes, their order may be wrong.
  if (isProblem(error, 'invalid-authentication-code') && error.operation !== 'createSession') {
    return 'problem.invalid-codes';
  }
  if (isProblem(error, 'throttled') && (error.retryAfter ?? 0) > 120) return 'problem.throttledForLong';
  const key = `problem.${error.code}`;
  return isMessageKey(key) ? key : 'problem.other';
}

const isMessageKey = (key: string): key is MessageKey => key in messages;

/** Not worth reporting: the user gave up or left. */
export function isGivenUp(error: unknown): boolean {
  if (error instanceof StepUpError) return error.reason === 'cancelled';
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Whether only new credentials can help. */
export function needsNewSignIn(error: unknown): boolean {
  if (error instanceof StepUpError) return ['temporary-credentials', 'no-device'].includes(error.reason);
  return isProblem(error, 'session-expired', 'unauthenticated', 'step-up-required');
}
