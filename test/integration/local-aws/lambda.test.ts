import { InvokeCommand, type InvokeCommandInput } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, keyOf, type LocalAws, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greet';
const invoke = (input: Partial<InvokeCommandInput> = {}) =>
  aws.lambda(keyOf('admin')).send(new InvokeCommand({ FunctionName: 'greet', Payload: '{"a":1}', ...input }));

describe('an invocation', () => {
  it('that waits returns the functionâs result', async () => {
    const { StatusCode, Payload, FunctionError, ExecutedVersion } = await invoke();
    expect([StatusCode, FunctionError, ExecutedVersion]).toEqual([200, undefined, '$LATEST']);
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ greeted: { a: 1 } });
    expect(aws.invoked).toEqual([]);
  });

  it('that waits reports a failed functionâs error', async () => {
    const { StatusCode, Payload, FunctionError } = await invoke({ FunctionName: 'fail' });
    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'It failed',
    });
  });

  it('that does not wait is accepted', async () => {
    const { StatusCode, Payload } = await invoke({ InvocationType: 'Event' });
    expect([StatusCode, Payload?.length ?? 0]).toEqual([202, 0]);
    expect(aws.invoked).toEqual([{ functionName: 'greet', event: { a: 1 } }]);
  });

  it('can be a dry run', async () => {
    expect((await invoke({ InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(aws.invoked).toEqual([]);
  });

  it('without a payload has an empty event', async () => {
    const command = new InvokeCommand({ FunctionName: 'greet', InvocationType: 'Event' });
    await aws.lambda(keyOf('admin')).send(command);
    expect(aws.invoked).toEqual([{ functionName: 'greet', event: {} }]);
  });

  it.each([arn, '123456789012:function:greet', 'greet:$LATEST', `${arn}:$LATEST`])(
    'can name the function as %s',
    async (FunctionName) => {
      expect((await invoke({ FunctionName })).StatusCode).toBe(200);
    },
  );
});

describe('an impossible invocation', () => {
  it.each([
    [{ FunctionName: 'nobody' }, 404, 'ResourceNotFoundException'],
    [{ FunctionName: 'greet', Qualifier: '7' }, 404, 'ResourceNotFoundException'],
    [{ FunctionName: 'a b' }, 400, 'ValidationException'],
    [{ Payload: '{"a":' }, 400, 'InvalidRequestContentException'],
    [{ InvocationType: 'Event', Payload: 'x' }, 400, 'InvalidRequestContentException'],
  ] as const)('is refused: %j', async (input, status, code) => {
    expect(await failureOf(invoke(input))).toMatchObject({ status, code });
    expect(aws.invoked).toEqual([]);
  });

  it('names the function by its ARN', async () => {
    const { message } = await failureOf(invoke({ FunctionName: 'nobody' }));
    expect(message).toBe('Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody');
  });

  it('is refused for an unknown invocation type', async () => {
    const InvocationType = JSON.parse('"Later"');
    expect((await failureOf(invoke({ InvocationType }))).code).toBe('InvalidParameterValueException');
  });
});
