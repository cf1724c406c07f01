import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Language, languages, type MessageKey, messages } from '../../../clients/portal/src/messages.ts';
import { explain, isGivenUp, needsNewSignIn } from '../../../clients/portal/src/problems.ts';
import { setLanguage, wholeMinute } from '../../../clients/portal/src/words.ts';
import {
  ApiError,
  type ProblemDocument,
  ProblemError,
  problemCodes,
  StepUpError,
} from '../../../clients/typescript/src/index.ts';

const now = Date.parse('2026-11-24T12:00:58Z');

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(now);
});
afterEach(() => {
  setLanguage('en');
  vi.restoreAllMocks();
});

const problem = (code: string, more: Partial<ProblemDocument> = {}, operation = 'createFirstMfaDevice') =>
  new ProblemError(operation, { status: 400, detail: 'TECHNICAL', ...more, code });

const textOf = (error: unknown): string => explain(error)();

/** Codes with a message that is not named after them. */
const otherKeys: Readonly<Record<string, MessageKey>> = {
  timeout: 'problem.late',
  // All operations but createSession take two codes.
  'invalid-authentication-code': 'problem.invalid-codes',
};

/** Problems that the page's calls never cause get the general message. */
const messageOf = (code: string): Readonly<Record<Language, string>> =>
  Object(messages)[otherKeys[code] ?? `problem.${code}`] ?? messages['problem.other'];

describe.each(languages)('in the language "%s"', (language) => {
  it.each(problemCodes)('the problem %s is explained in plain words', (code) => {
    setLanguage(language);

    const text = textOf(problem(code, { retryAfter: 7 }));

    expect(text).toMatch(/^[A-ZÄÖÜ].*[a-zäöü].*\.$/);
    expect(text).not.toMatch(/TECHNICAL|[{}]/);
    const filled = messageOf(code)
      [language].replace('{seconds}', '7')
      .replace('{time}', wholeMinute(now + 7000)());
    expect(text).toBe(filled);
  });
});

it('a long wait is told in minutes', () => {
  expect(textOf(problem('throttled', { retryAfter: 120 }))).toContain('in 120 seconds');
  expect(textOf(problem('throttled', { retryAfter: 121 }))).toContain('in 3 minutes');
});

it.each<readonly [string, unknown, MessageKey]>([
  ['a refused key', problem('access-denied', {}, 'getMe'), 'problem.notInThisAccount'],
  ['a code newer than the page', problem('newer'), 'problem.other'],
  ['an error other than of a call', new Error('TECHNICAL'), 'problem.other'],
  ['no connection', new ApiError('network', 'getMe', 'TECHNICAL'), 'problem.network'],
  ['no answer in time', new ApiError('timeout', 'getMe', 'TECHNICAL'), 'problem.late'],
  ['an unexpected answer', new ApiError('unexpected-answer', 'getMe', 'TECHNICAL'), 'problem.unexpected'],
  [
    'the code of a step-up',
    problem('invalid-authentication-code', {}, 'createSession'),
    'problem.invalid-authentication-code',
  ],
  ['a session that is too old', new StepUpError('temporary-credentials', 'x'), 'problem.sessionTooOld'],
  ['no device that shows codes', new StepUpError('no-device', 'x'), 'problem.noDevice'],
  ['malformed codes', new StepUpError('malformed-code', 'x'), 'codes.malformed'],
  ['an unknown device', new StepUpError('no-such-device', 'x'), 'problem.other'],
])('%s has its message', (_, error, key) => {
  expect(textOf(error)).toBe(messages[key].en.replace('{seconds}', '30'));
});

describe('a problem', () => {
  it('of unknown duration is said to end in half a minute', () => {
    expect(textOf(problem('busy'))).toContain('30');
  });

  it('that ends at some time tells it, rounded up to the minute', () => {
    const text = textOf(problem('recently-resynchronised', { retryAfter: 86_400 }));
    expect(text).toContain(wholeMinute(Date.parse('2026-11-25T12:01:00Z'))());
  });

  it('says if resynchronising may help', () => {
    const text = textOf(problem('invalid-authentication-code', { resyncMayHelp: true }));
    expect(text).toContain(messages['problem.resyncMayHelp'].en);
  });

  it.each([
    [502, true],
    [409, false],
  ])('of status %d shows its request id: %s', (status, told) => {
    const text = textOf(problem('upstream-failed', { status, requestId: 'r-1' }));
    expect(text.includes('Request r-1')).toBe(told);
  });
});

it.each([
  ['an expired session', problem('session-expired'), true],
  ['an unknown key', problem('unauthenticated'), true],
  ['a missing step-up', problem('step-up-required'), true],
  ['a session that is too old', new StepUpError('temporary-credentials', 'x'), true],
  ['no device that shows codes', new StepUpError('no-device', 'x'), true],
  ['malformed codes', new StepUpError('malformed-code', 'x'), false],
  ['a denial by policies', problem('access-denied'), false],
])('%s requires a new sign-in: %s', (_, error, needed) => {
  expect(needsNewSignIn(error)).toBe(needed);
});

it.each([
  ['a cancelled step-up', new StepUpError('cancelled', 'x'), true],
  ['an aborted call', new DOMException('TECHNICAL', 'AbortError'), true],
  ['a failed step-up', new StepUpError('no-device', 'x'), false],
  ['a problem', problem('busy'), false],
])('%s goes unreported: %s', (_, error, givenUp) => {
  expect(isGivenUp(error)).toBe(givenUp);
});
