import { startLocalStack } from '../../../local-aws/stack.ts';
import { tellParent } from './parent.ts';

/** The local AWS, and the environment of one of its functions. */
export interface RunningStack {
  readonly awsUrl: string;
  readonly apiUrl: string;
  /** Environment of the list-mfa-devices function. */
  readonly environment: Readonly<Record<string, string>>;
  /** UserId of bob, who has one active device and may also list their devices directly in IAM. */
  readonly userId: string;
}

const stack = await startLocalStack();
const environment = stack.environmentOf('list-mfa-devices');
const bob = stack.account.users.get('bob');
const listOwn = { Effect: 'Allow', Action: 'iam:ListMFADevices', Resource: bob.arn };
bob.inlinePolicies = [
  { name: 'list-own', document: JSON.stringify({ Version: '2012-10-17', Statement: [listOwn] }) },
];
stack.account.policiesChanged();
const { awsUrl, apiUrl } = stack;
tellParent({ awsUrl, apiUrl, environment, userId: bob.userId } satisfies RunningStack);
