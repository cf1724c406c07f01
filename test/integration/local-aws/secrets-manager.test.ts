import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, keyOf, type LocalAws, seededSecret, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const get = (input: Partial<GetSecretValueCommand['input']> = {}) =>
  aws.secretsManager(keyOf('admin')).send(new GetSecretValueCommand({ SecretId: seededSecret, ...input }));
const put = (SecretString: string) =>
  aws
    .secretsManager(keyOf('admin'))
    .send(new PutSecretValueCommand({ SecretId: seededSecret, SecretString }));

describe('a secret', () => {
  it('is retrieved by name', async () => {
    const answer = await get();
    expect(answer).toMatchObject({
      Name: seededSecret,
      ARN: expect.stringMatching(
        /^arn:aws:secretsmanager:us-east-1:123456789012:secret:team\/one-[A-Za-z0-9]{6}$/,
      ),
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  });

  it('is retrieved by ARN, with or without its suffix', async () => {
    const { ARN = '' } = await get();
    for (const SecretId of [ARN, ARN.slice(0, -7)]) {
      expect((await get({ SecretId })).SecretString).toBe('first');
    }
  });

  it('keeps the one value that a rotation replaced', async () => {
    await put('second');
    await put('third');
    expect((await get()).SecretString).toBe('third');
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'second',
      VersionStages: ['AWSPREVIOUS'],
    });
  });

  it('is retrieved by version id', async () => {
    const { VersionId } = await get();
    await put('second');
    expect(await get({ VersionId })).toMatchObject({ SecretString: 'first', VersionId });
    const wrong = await failureOf(get({ VersionId, VersionStage: 'AWSCURRENT' }));
    expect(wrong.code).toBe('InvalidRequestException');
  });

  it('has its initial value again after a reset', async () => {
    await put('second');
    aws.secrets.reset();
    expect((await get()).SecretString).toBe('first');
    expect((await failureOf(get({ VersionStage: 'AWSPREVIOUS' }))).code).toBe('ResourceNotFoundException');
  });
});

describe('a missing secret or version', () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:team/two-AbCdEf';

  it.each([{ SecretId: 'team/two' }, { SecretId: arn }])('is reported: %j', async (input) => {
    expect(await failureOf(get(input))).toEqual({
      status: 400,
      code: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it.each([
    [{ VersionStage: 'AWSPREVIOUS' }, 'staging label: AWSPREVIOUS'],
    [{ VersionId: '0'.repeat(32) }, `VersionId: ${'0'.repeat(32)}`],
  ])('is reported: %j', async (input, what) => {
    expect(await failureOf(get(input))).toEqual({
      status: 400,
      code: 'ResourceNotFoundException',
      message: `Secrets Manager can't find the specified secret value for ${what}`,
    });
  });

  it.each([{ SecretId: '' }, { VersionId: 'short' }])(
    'is not looked up for invalid input: %j',
    async (input) => {
      expect(await failureOf(get(input))).toMatchObject({ status: 400, code: 'ValidationException' });
    },
  );
});
