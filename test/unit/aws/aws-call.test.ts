import { describe, expect, it } from 'vitest';
import { awsCall, type Meanings } from '../../../shared/aws/aws-call.ts';
import { Problem } from '../../../shared/contract/problem.ts';

const awsError = (name: string) =>
  Object.assign(new Error('User arn:aws:iam::123456789012:user/bob …'), {
    name,
    $metadata: { requestId: 'aws-1' },
  });

const failing = <T>(error: unknown, meanings?: Meanings<T>) =>
  awsCall<T>(() => Promise.reject(error), meanings);

describe('an AWS error', () => {
  it.each([
    ['ConcurrentModificationException', 'busy', 409],
    ['EntityTemporarilyUnmodifiableException', 'busy', 409],
    ['Throttling', 'throttled', 429],
    ['ThrottlingException', 'throttled', 429],
    ['ThrottledException', 'throttled', 429],
    ['RequestLimitExceeded', 'throttled', 429],
    ['TooManyRequestsException', 'throttled', 429],
    ['AccessDenied', 'upstream-failed', 502],
    ['AccessDeniedException', 'upstream-failed', 502],
    ['ServiceFailureException', 'upstream-failed', 502],
    ['ExpiredToken', 'upstream-failed', 502],
    ['TimeoutError', 'upstream-failed', 502],
    ['AbortError', 'timeout', 504],
    ['constructor', 'upstream-failed', 502],
    ['Error', 'upstream-failed', 502],
    ['NoSuchEntityException', 'upstream-failed', 502],
    ['LimitExceededException', 'upstream-failed', 502],
    ['EntityAlreadyExistsException', 'upstream-failed', 502],
  ])('%s is the problem %s, whatever was called', async (name, code, status) => {
    const error = awsError(name);

    const failed = failing(error);

    await expect(failed).rejects.toMatchObject({
      name: 'Problem',
      ...{ code, status, cause: error, extras: { awsRequestId: 'aws-1' } },
      message: expect.not.stringContaining('bob'),
    });
  });

  it.each(['ConcurrentModificationException', 'Throttling'])('%s says when to try again', async (name) => {
    const failed = failing(awsError(name));

    await expect(failed).rejects.toMatchObject({ extras: { retryAfter: 2 } });
  });

  it.each([undefined, null, 'text', { name: 'Throttling' }])(
    'that is none (%j) is upstream-failed',
    async (thrown) => {
      await expect(failing(thrown)).rejects.toMatchObject({ code: 'upstream-failed' });
    },
  );

  it('that is a problem already stays what it is, whatever the call says', async () => {
    const problem = new Problem('busy', 'Wait.');

    const failed = failing(problem, { Problem: 'timeout' });

    await expect(failed).rejects.toBe(problem);
  });
});

describe('the meaning that a call gives a code', () => {
  it.each(['NoSuchEntity', 'NoSuchEntityException'])('is the problem: %s', async (name) => {
    const error = awsError(name);

    const failed = failing(error, { NoSuchEntity: 'user-not-found' });

    await expect(failed).rejects.toMatchObject({
      ...{ code: 'user-not-found', status: 404, cause: error, extras: { awsRequestId: 'aws-1' } },
      message: expect.not.stringContaining('bob'),
    });
  });

  it.each([
    ['tag-limit', '50 tags'],
    ['device-in-use', 'Another user holds this device'],
    ['device-limit', 'a user may have 8'],
    ['user-not-found', 'of exactly this name'],
  ] as const)('%s says what is the matter: %s', async (code, detail) => {
    const failed = failing(awsError('SomeException'), { Some: code });

    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(detail) });
  });

  it('may be an answer', async () => {
    const answer = await failing(awsError('LimitExceededException'), { LimitExceeded: async () => false });

    expect(answer).toBe(false);
  });

  it('may be an error of its own', async () => {
    const error = awsError('ConditionalCheckFailedException');
    const failed = failing(error, {
      ConditionalCheckFailed: (cause) => {
        throw new Problem('busy', 'Somebody else was first.', {}, { cause });
      },
    });

    await expect(failed).rejects.toMatchObject({
      ...{ code: 'busy', message: 'Somebody else was first.', cause: error },
    });
  });

  it('goes before the one it has everywhere', async () => {
    const failed = failing(awsError('Throttling'), { Throttling: 'timeout' });

    await expect(failed).rejects.toMatchObject({ code: 'timeout' });
  });

  it('is for that code alone', async () => {
    const failed = failing(awsError('DeleteConflictException'), { NoSuchEntity: 'user-not-found' });

    await expect(failed).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('an AWS call that succeeds', () => {
  it('is answered as it is', async () => {
    expect(await awsCall(async () => 'answer', { NoSuchEntity: 'user-not-found' })).toBe('answer');
  });
});
