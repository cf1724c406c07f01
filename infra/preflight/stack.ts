import { DescribeStacksCommand, type DescribeStacksOutput, type Stack } from '@aws-sdk/client-cloudformation';
import type { Aws } from './aws.ts';
import { type Finding, finding, permitted } from './finding.ts';

/** A stack that there is. */
export interface ExistingStack {
  readonly status: string;
  /** Empty if it was deployed by a version without parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The finding, and the stack if its template can be compared with what there is. */
export interface StackCheck {
  readonly finding: Finding;
  readonly stack?: ExistingStack;
}

export async function stackState({ cloudFormation }: Aws, stackName: string): Promise<StackCheck> {
  const check = `stack ${stackName}`;
  const outcome = await permitted(check, 'cloudformation:DescribeStacks', async () => {
    const { Stacks } = await cloudFormation
      .send(new DescribeStacksCommand({ StackName: stackName }))
      .catch(absent);
    return Stacks?.[0];
  });
  if ('refused' in outcome) return { finding: outcome.refused };
  const stack = outcome.result;
  if (stack === undefined)
    return { finding: finding(check, 'ok', 'does not exist: this is its first deployment') };
  return judged(check, stack);
}

/** CloudFormation has no error of its own for this. */
function absent(error: unknown): Pick<DescribeStacksOutput, 'Stacks'> {
  const isAbsent =
    error instanceof Error && error.name === 'ValidationError' && / does not exist$/.test(error.message);
  if (isAbsent) return { Stacks: [] };
  throw error;
}

function judged(check: string, { StackName = '', StackStatus, Parameters = [] }: Stack): StackCheck {
  const status: string = StackStatus ?? '';
  const existing = {
    status,
    parameters: Object.fromEntries(
      Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
  };
  const obstacle = obstacleOf(status, StackName);
  if (obstacle === undefined) {
    const note =
      status === 'UPDATE_ROLLBACK_COMPLETE' ? ': the last deployment failed and was rolled back' : '';
    return { finding: finding(check, 'ok', `${status}${note}`), stack: existing };
  }
  const isComplete = deployed.test(status);
  return {
    finding: finding(check, 'differs', status, ...obstacle),
    ...(isComplete && { stack: existing }),
  };
}

/** States in which the template that CloudFormation tells is what was deployed. */
const deployed = /^((CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE|UPDATE_ROLLBACK_FAILED)$/;

/** What to do about a state in which CloudFormation refuses an update. Source: "Stack status codes", user guide. */
function obstacleOf(status: string, stackName: string): readonly string[] | undefined {
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    return [
      'The last deployment failed, and so did its rollback. Put right what its events name, then:',
      `aws cloudformation continue-update-rollback --stack-name ${stackName}`,
    ];
  }
  if (deployed.test(status)) return undefined;
  if (status === 'REVIEW_IN_PROGRESS') {
    return [
      'Its first deployment was interrupted before it created anything. Remove it:',
      `aws cloudformation delete-stack --stack-name ${stackName}`,
    ];
  }
  if (status.endsWith('_IN_PROGRESS'))
    return ['Somebody is deploying or removing it. Wait until that has ended.'];
  return [
    'It cannot be updated in this state. Look for the reason in its events, then remove it:',
    `aws cloudformation describe-stack-events --stack-name ${stackName}`,
    `aws cloudformation delete-stack --stack-name ${stackName}`,
  ];
}
