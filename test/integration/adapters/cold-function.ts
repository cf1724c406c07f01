import { assumedRoleArn, assumedRoleOf } from '../../../infra/policies/assumed-roles.ts';
import { enrolmentHoldArn, functionRoleName } from '../../../infra/template/resource-names.ts';
import { deployment } from '../../../local-aws/deployment.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { tableName } from '../../support/deployed.ts';
import { freshFunction } from '../../support/fresh-function.ts';
import type { LocalAws } from '../local-aws/fixture.ts';

/**
 * Turns this process into a cold function: its role's credentials, its settings, and modules that hold no state
 * once they are imported again.
 */
export async function becomeFunction(name: string, { account, clock, endpoint }: LocalAws): Promise<void> {
  const operation = (await loadOperations()).find((candidate) => candidate.name === name);
  const work = operation && assumedRoleOf(operation) === 'device-read' ? 'device-read' : 'device';
  const role = functionRoleName(deployment.stage, name);
  const keys = account.assumeRoleForService(role, name, { durationSeconds: 3600 });
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    STAGE: deployment.stage,
    API_ID: deployment.apiId,
    TABLE_NAME: tableName,
    AUDIT_ROLE_ARN: assumedRoleArn(deployment, 'audit'),
    DEVICE_ROLE_ARN: assumedRoleArn(deployment, work),
    RECOVERY_ROLE_ARN: assumedRoleArn(deployment, 'recovery'),
    ENROLMENT_HOLD_ARN: enrolmentHoldArn(deployment),
    STS_ENDPOINT: endpoint,
  };
  await freshFunction(environment, clock.now);
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
