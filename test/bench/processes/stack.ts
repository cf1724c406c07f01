import { functionDefinitions, localFunctionName } from '../../../infra/local/deployment.ts';
import { startLocalStack } from '../../../infra/local/stack.ts';
import { loadOperations } from '../../../infra/operations.ts';
import { tellParent } from './parent.ts';

/** The local AWS, and what a function of it is given. */
export interface RunningStack {
  readonly awsUrl: string;
  /** Environment of the function list-mfa-devices. */
  readonly environment: Readonly<Record<string, string>>;
  /** UserId of bob, who has one active device. */
  readonly userId: string;
}

const stack = await startLocalStack();
const definitions = functionDefinitions(await loadOperations(), stack.account, stack, {});
const definition = definitions.find(({ name }) => name === localFunctionName('list-mfa-devices'));
const environment = definition?.environment().variables ?? {};
const { userId } = stack.account.users.get('bob');
tellParent({ awsUrl: stack.awsUrl, environment, userId } satisfies RunningStack);
