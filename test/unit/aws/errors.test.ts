import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../shared/aws/errors.ts';
import { Problem } from '../../../shared/contract/problem.ts';

const awsError = (name: string) =>
  Object.assign(new Error('User arn:aws:iam::123456789012:user/bob …'), {
    name,
    $metadata: { requestId: 'aws-1' },
  });

describe('an AWS error', () => {
  it.each([
    ['EntityAlreadyExistsException', 'device-exists', 409],
    ['EntityAlreadyExists', 'device-exists', 409],
    ['NoSuchEntityException', 'device-not-found', 404],
    ['InvalidAuthenticationCodeException', 'invalid-authentication-code', 422],
    ['LimitExceededException', 'device-limit', 409],
    ['ConcurrentModificationException', 'busy', 409],
    ['EntityTemporarilyUnmodifiableException', 'busy', 409],
    ['DeleteConflictException', 'device-active', 409],
    ['Throttling', 'throttled', 429],
    ['ThrottlingException', 'throttled', 429],
    ['AccessDenied', 'upstream-failed', 502],
    ['AccessDeniedException', 'upstream-failed', 502],
    ['ServiceFailureException', 'upstream-failed', 502],
    ['ExpiredToken', 'upstream-failed', 502],
    ['TimeoutError', 'upstream-failed', 502],
    ['AbortError', 'timeout', 504],
    ['constructor', 'upstream-failed', 502],
    ['Error', 'upstream-failed', 502],
  ])('%s is the problem %s', (name, code, status) => {
    const error = awsError(name);

    const problem = toProblem(error);

    expect(problem).toMatchObject({ code, status, cause: error, extras: { awsRequestId: 'aws-1' } });
    expect(problem.message).not.toContain('bob');
  });

  it.each(['ConcurrentModificationException', 'Throttling'])('%s says when to try again', (name) => {
    expect(toProblem(awsError(name)).extras.retryAfter).toBeGreaterThan(0);
  });

  it.each([undefined, null, 'text', { name: 'Throttling' }])(
    'that is none (%j) is upstream-failed',
    (thrown) => {
      expect(toProblem(thrown).code).toBe('upstream-failed');
    },
  );

  it('that is a problem already stays what it is', () => {
    const problem = new Problem('busy', 'Wait.');

    expect(toProblem(problem)).toBe(problem);
  });
});
