import { describe, expect, it } from 'vitest';
import { explain, explanationText } from '../../../clients/cli/src/explain.ts';
import { parseDuration } from '../../../clients/cli/src/program.ts';
import {
  duration,
  fields,
  harmless,
  harmlessJson,
  rendered,
  shellWord,
  table,
} from '../../../clients/cli/src/text.ts';
import { givenCodes } from '../../../clients/cli/src/two-codes.ts';
import { passIn } from '../../../clients/common/enrolment-pass.ts';
import { ApiError, ProblemError, problemCodes, StepUpError } from '../../../clients/typescript/src/index.ts';

describe('text from others', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', 'a\uFFFD[2Jb'],
    ['an eight-bit escape', 'a\u009b2Jb', 'a\uFFFD2Jb'],
    ['line breaks', 'a\r\nb', 'a\uFFFD\uFFFDb'],
    ['a change of direction', 'a\u202eb\u2066', 'a\uFFFDb\uFFFD'],
    ['letters in any script', 'Zoë 電話 ☎', 'Zoë 電話 ☎'],
  ])('cannot steer the terminal: %s', (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
    expect(fields([['x', text]])).toBe(`x  ${expected}`);
    expect(table(['X'], [[text]])).toBe(`X\n${expected}`);
    expect(rendered({ style: 'red', text: `${text}!` }, true)).toBe(
      `\u001b[31m${expected.replace('\uFFFD\uFFFD', '\uFFFD\n')}!\u001b[0m`,
    );
    const oneLine = text.replace('\r\n', '\r');
    expect(explanationText({ exitCode: 1, code: 'x', message: oneLine })).toBe(harmless(oneLine));
  });
});

it('keeps its lines and styles', () => {
  const text = ['a\n', { style: 'bold', text: 'b' }, '\u001b[1mc\u009b'] as const;
  expect(rendered(text, true)).toBe('a\n\u001b[1mb\u001b[0m\uFFFD[1mc\uFFFD');
  expect(rendered(text, false)).toBe('a\nb\uFFFD[1mc\uFFFD');
});

it('loses nothing in JSON', () => {
  const data = { x: 'a\u001b\u007f\u009b\u202e\u2028\nZoë 電話' };
  expect(harmlessJson(data)).toBe('{"x":"a\\u001b\\u007f\\u009b\\u202e\\u2028\\nZoë 電話"}');
  expect(JSON.parse(harmlessJson(data, 2))).toEqual(data);
});

it.each([
  ['phone', 'phone'],
  ['--replaces=a.b_c', '--replaces=a.b_c'],
  ['a; rm -rf ~', "'a; rm -rf ~'"],
  ["it's $(x)", "'it'\\''s $(x)'"],
  ['', "''"],
])('a word can be pasted into a shell: %j', (text, expected) => {
  expect(shellWord(text)).toBe(expected);
});

it.each([
  ['abcd-efgh-ijkl-mnop-qrst-uvwx', 'abcd-efgh-ijkl-mnop-qrst-uvwx'],
  ['ABCD efgh ijklmnop-qrst-uvw2', 'abcd-efgh-ijkl-mnop-qrst-uvw2'],
  ['abcd-efgh', undefined],
  ['abcd-efgh-ijkl-mnop-qrst-uvw1', undefined],
])('an enrolment pass typed as %s', (text, expected) => {
  expect(passIn(text)).toBe(expected);
});

it('a table is aligned in columns', () => {
  const rows = [
    ['a', '1'],
    ['long', ''],
  ];
  expect(table(['NAME', 'N'], rows)).toBe('NAME  N\na     1\nlong');
});

it.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [59.6, '1 minute'],
  [3599, '59 minutes'],
  [7200, '2 hours'],
  [86_400, '1 day'],
  [-5, '0 seconds'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

it.each([
  ['900', 900],
  ['15m', 900],
  ['12h', 43_200],
  ['129600s', 129_600],
])('a session can last %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each([
  [[], undefined],
  [['123456', '654321'], { code1: '123456', code2: '654321' }],
  [['123 456', '654321'], { code1: '123456', code2: '654321' }],
])('codes on the command line: %j', (codes, expected) => {
  expect(givenCodes(codes)).toEqual(expected);
});

describe('a failure is explained', () => {
  it.each(problemCodes)('in words for people: %s', (code) => {
    const { message, remedy = '' } = explain(
      new ProblemError('x', { code, status: 400, detail: 'It is so.' }),
    );
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(`${message} ${remedy}`).not.toContain('/v1/');
  });

  it('even if its code is newer than this command', () => {
    const error = new ProblemError('x', { code: 'toString', status: 400, detail: 'It is so.' });
    expect(explain(error)).toMatchObject({ exitCode: 1, message: 'It is so.', remedy: undefined });
  });

  it.each([
    [
      'a resynchronisation that could help',
      { code: 'invalid-authentication-code', status: 422, resyncMayHelp: true },
      'iam-mfa resync',
    ],
    ['when to try again', { code: 'busy', status: 409, retryAfter: 90 }, 'Try again in 1 minute.'],
    [
      'the reason for a denial by a function',
      { code: 'access-denied', status: 403, detail: 'Ask in the ticket.' },
      /^Ask in the ticket\.$/,
    ],
    [
      'what to do about a denial by API Gateway',
      { code: 'access-denied', status: 403, maxAgeSeconds: 900, detail: 'POST /v1/me/sessions' },
      /^The API refused this\.\nYour policies/,
    ],
    [
      'the fields',
      { code: 'validation-failed', status: 400, errors: [{ pointer: '/body/name', detail: 'No.' }] },
      '\n  name: No.',
    ],
    ['the request id', { code: 'busy', status: 409, requestId: 'r-1' }, 'Request id: r-1'],
  ])('with %s', (_, document, expected) => {
    expect(explanationText(explain(new ProblemError('x', document)))).toMatch(expected);
  });

  it('when a recovery names unknown devices, which are not the own ones', () => {
    const problem = new ProblemError('requestRecovery', { code: 'device-not-found', status: 404 });
    expect(explain(problem).remedy).toContain('--device');
  });

  it.each([
    [new StepUpError('no-device', 'x'), 1, 'iam-mfa add NAME'],
    [new StepUpError('temporary-credentials', 'x'), 1, 'STS does not issue sessions'],
    [
      new StepUpError(
        'temporary-credentials',
        'x',
        new ProblemError('x', { code: 'access-denied', status: 403 }),
      ),
      1,
      'The API refused this',
    ],
    [new ApiError('network', 'x', 'Not reached.'), 3, 'Not reached.'],
    [new ApiError('timeout', 'x', 'Too late.'), 3, 'iam-mfa status'],
    [new Error('Odd.'), 1, 'Odd.'],
    ['odd', 1, 'odd'],
  ])('with the exit code for its kind: %s', (error, exitCode, text) => {
    const explanation = explain(error);
    expect(explanation.exitCode).toBe(exitCode);
    expect(explanationText(explanation)).toContain(text);
  });
});
