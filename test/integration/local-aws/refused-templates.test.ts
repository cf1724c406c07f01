import { describe, expect, it } from 'vitest';
import { type ChangeableResource, set, templateWith, without } from '../../support/deployed.ts';
import { startTestStack } from '../../support/stack.ts';

type Resources = Record<string, ChangeableResource>;

describe('the local AWS does not start', () => {
  it.each<[string, (resources: Resources) => void, string]>([
    [
      'with a type of resource that CloudFormation does not know',
      (resources) => {
        resources['Box'] = { Type: 'AWS::Nothing::Box', Properties: {} };
      },
      'Resources.Box: Unrecognized resource type: AWS::Nothing::Box',
    ],
    [
      'with a property that it does not know',
      set('Table', { Streams: true }),
      'Table (AWS::DynamoDB::Table): Unrecog',
    ],
    [
      'if CloudFormation would refuse the template',
      without('CursorSecret'),
      'unresolved dependency [CursorSecret]',
    ],
    [
      "if Lambda could not assume a function's role",
      set('GetMeRole', {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      }),
      'cannot be assumed by Lambda',
    ],
    [
      'if failed events were sent to a queue that does not exist',
      set('PublishDasheventsLambdaEvConf', {
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:elsewhere' } },
      }),
      'there is no queue arn:aws:sqs:us-east-1:123456789012:elsewhere',
    ],
  ])('%s', async (_name, change, message) => {
    const template = await templateWith(change);
    await expect(startTestStack({ template })).rejects.toThrow(message);
  });

  it.each<[Record<string, string>, string]>([
    [{ FirstDevice: 'closed' }, "Parameter 'FirstDevice' must be one of AllowedValues: [open, pass]"],
    [{ StepUpMaxAge: '5' }, "Parameter 'StepUpMaxAge' must be a number not less than 60"],
    [{ StepUpAge: '900' }, 'Parameters: [StepUpAge] do not exist in the template'],
  ])('with the parameters %j', async (parameters, message) => {
    await expect(startTestStack({ parameters })).rejects.toThrow(message);
  });
});
