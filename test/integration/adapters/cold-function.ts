import { functionDefinitions } from '../../../local-aws/functions.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { deployed } from '../../support/deployed.ts';
import { freshFunction } from '../../support/fresh-function.ts';
import type { LocalAws } from '../local-aws/fixture.ts';

/**
 * Turns this process into a cold function: its role's credentials, its settings, and modules that hold no state
 * once they are imported again.
 */
export async function becomeFunction(name: string, { account, clock, endpoint }: LocalAws): Promise<void> {
  const own = { ...deployed, functions: deployed.functions.filter(({ code }) => code === name) };
  const [definition] = functionDefinitions(own, account, { awsUrl: endpoint, dynamoUrl: endpoint });
  if (definition === undefined) throw new Error(`The template has no function ${name}`);
  await freshFunction(definition.environment().variables, clock.now);
}

/** A seeded user as the caller. */
export function callerNamed(userName: string, { account }: LocalAws): Caller {
  const user = account.users.get(userName);
  return {
    partition: 'aws',
    accountId: '123456789012',
    userName,
    userArn: user.arn,
    userId: user.userId,
    accessKeyId: 'ASIAEXAMPLE000000001',
    temporary: true,
  };
}
