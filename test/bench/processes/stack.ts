import { functionDefinitions, localFunctionName } from '../../../local-aws/deployment.ts';
import { startLocalStack } from '../../../local-aws/stack.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { tellParent } from './parent.ts';

/** The local AWS, and what a function of it is given. */
export interface RunningStack {
  readonly awsUrl: string;
  readonly apiUrl: string;
  /** Environment of the function list-mfa-devices. */
  readonly environment: Readonly<Record<string, string>>;
  /** UserId of bob, who has one active device and may list his own without this API too. */
  readonly userId: string;
}

const stack = await startLocalStack();
const definitions = functionDefinitions(await loadOperations(), stack.account, stack);
const definition = definitions.find(({ name }) => name === localFunctionName('list-mfa-devices'));
const environment = definition?.environment().variables ?? {};
const bob = stack.account.users.get('bob');
const listOwn = { Effect: 'Allow', Action: 'iam:ListMFADevices', Resource: bob.arn };
bob.inlinePolicies = [
  { name: 'list-own', document: JSON.stringify({ Version: '2012-10-17', Statement: [listOwn] }) },
];
stack.account.policiesChanged();
const { awsUrl, apiUrl } = stack;
tellParent({ awsUrl, apiUrl, environment, userId: bob.userId } satisfies RunningStack);
