import { afterEach, describe, expect, it } from 'vitest';
import { type Language, languages, type MessageKey, messages } from '../../../clients/portal/src/messages.ts';
import { explain, isGivenUp, needsNewSignIn } from '../../../clients/portal/src/problems.ts';
import { setLanguage } from '../../../clients/portal/src/words.ts';
import {
  ApiError,
  type ProblemDocument,
  ProblemError,
  problemCodes,
  StepUpError,
} from '../../../clients/typescript/src/index.ts';

afterEach(() => setLanguage('en'));

const problem = (code: string, more: Partial<ProblemDocument> = {}, operation = 'createFirstMfaDevice') =>
  new ProblemError(operation, { status: 400, detail: 'TECHNICAL', ...more, code });

const textOf = (error: unknown): string => explain(error)();

/** Codes that are told by another message than that of their name. */
const otherKeys: Readonly<Record<string, MessageKey>> = {
  timeout: 'problem.late',
  // All operations but one take two codes.
  'invalid-authentication-code': 'problem.invalid-codes',
};

/** What the page's calls never lead to is told in general. */
const messageOf = (code: string): Readonly<Record<Language, string>> =>
  Object(messages)[otherKeys[code] ?? `problem.${code}`] ?? messages['problem.other'];

describe.each(languages)('in the language "%s"', (language) => {
  it.each(problemCodes)('the problem %s is told in plain words', (code) => {
    setLanguage(language);

    const text = textOf(problem(code, { retryAfter: 7 }));

    expect(text).toMatch(/^[A-ZÄÖÜ].*[a-zäöü].*\.$/);
    expect(text).not.toMatch(/TECHNICAL|[{}]/);
    expect(text).toBe(messageOf(code)[language].replace('{seconds}', '7'));
  });
});

it.each<readonly [string, unknown, MessageKey]>([
  ['a code that is newer than the page', problem('newer'), 'problem.other'],
  ['what is no failure of a call', new Error('TECHNICAL'), 'problem.other'],
  ['no connection', new ApiError('network', 'getMe', 'TECHNICAL'), 'problem.network'],
  ['no answer in time', new ApiError('timeout', 'getMe', 'TECHNICAL'), 'problem.late'],
  ['an odd answer', new ApiError('unexpected-answer', 'getMe', 'TECHNICAL'), 'problem.unexpected'],
  [
    'the code of a step-up',
    problem('invalid-authentication-code', {}, 'createSession'),
    'problem.invalid-authentication-code',
  ],
  ['a session that is too old', new StepUpError('temporary-credentials', 'x'), 'problem.sessionTooOld'],
  ['no device that shows codes', new StepUpError('no-device', 'x'), 'problem.noDevice'],
  ['codes that are none', new StepUpError('malformed-code', 'x'), 'codes.malformed'],
  ['a device that is not there', new StepUpError('no-such-device', 'x'), 'problem.other'],
])('%s has its message', (_, error, key) => {
  expect(textOf(error)).toBe(messages[key].en.replace('{seconds}', '30'));
});

describe('a problem', () => {
  it('whose end is not known is said to end in half a minute', () => {
    expect(textOf(problem('busy'))).toContain('30');
  });

  it('that resynchronising may help says so', () => {
    const text = textOf(problem('invalid-authentication-code', { resyncMayHelp: true }));
    expect(text).toContain(messages['problem.resyncMayHelp'].en);
  });

  it.each([
    [502, true],
    [409, false],
  ])('of status %d tells the id of its request: %s', (status, told) => {
    const text = textOf(problem('upstream-failed', { status, requestId: 'r-1' }));
    expect(text.includes('Request r-1')).toBe(told);
  });
});

it.each([
  ['a session that ended', problem('session-expired'), true],
  ['a key that nobody knows', problem('unauthenticated'), true],
  ['a step-up that is missing', problem('step-up-required'), true],
  ['a session that is too old', new StepUpError('temporary-credentials', 'x'), true],
  ['no device that shows codes', new StepUpError('no-device', 'x'), true],
  ['codes that are none', new StepUpError('malformed-code', 'x'), false],
  ['what policies do not allow', problem('access-denied'), false],
])('%s takes a new sign-in: %s', (_, error, needed) => {
  expect(needsNewSignIn(error)).toBe(needed);
});

it.each([
  ['a cancelled step-up', new StepUpError('cancelled', 'x'), true],
  ['an aborted call', new DOMException('TECHNICAL', 'AbortError'), true],
  ['a step-up that failed', new StepUpError('no-device', 'x'), false],
  ['a problem', problem('busy'), false],
])('of %s nobody has to be told: %s', (_, error, givenUp) => {
  expect(isGivenUp(error)).toBe(givenUp);
});
