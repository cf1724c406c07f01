import { GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import type { Aws, Destination } from './aws.ts';
import { checked, type Finding, finding } from './finding.ts';

/** Who deploys where: for people to read. */
export const whoDeploys = ({ callerArn, accountId, region, partition }: Destination): Finding =>
  finding(`account ${accountId}, Region ${region}, partition ${partition}`, 'ok', `as ${callerArn}`);

/** Without the role, the creation of the stage fails and the stack rolls back. */
export const logRole = ({ apiGateway }: Aws, { region, partition }: Destination): Promise<Finding> =>
  checked('role for the logs of API Gateway', 'apigateway:GET on /account', async () => {
    const { cloudwatchRoleArn } = await apiGateway.send(new GetAccountCommand());
    const check = 'role for the logs of API Gateway';
    if (cloudwatchRoleArn) return finding(check, 'ok', cloudwatchRoleArn);
    return finding(
      check,
      'missing',
      'Once per account and Region (docs/deploy.md, step 1):',
      ...commands(region, partition),
    );
  });

const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

const commands = (region: string, partition: string): readonly string[] => [
  `aws iam create-role --role-name api-gateway-logs --assume-role-policy-document '${trust}'`,
  'aws iam attach-role-policy --role-name api-gateway-logs \\',
  `  --policy-arn arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
  'role=$(aws iam get-role --role-name api-gateway-logs --query Role.Arn --output text)',
  `aws apigateway update-account --region ${region} \\`,
  '  --patch-operations op=replace,path=/cloudwatchRoleArn,value="$role"',
];

/** Lambda refuses to leave less than this to functions that reserve nothing. Source: Lambda developer guide. */
const leastUnreserved = 100;

/** Executions that functions of the stack reserve. */
export interface Reservation {
  /** For each function, after the deployment; 0 for none. */
  readonly each: number;
  readonly functions: number;
  /** For all together, now. */
  readonly already: number;
}

/** Whether the account has as many executions as are to be reserved. */
export async function concurrency(
  { lambda }: Aws,
  { each, functions, already }: Reservation,
): Promise<Finding> {
  const check = 'reserved concurrency';
  if (each === 0) return finding(check, 'ok', 'none is reserved');
  return checked(check, 'lambda:GetAccountSettings', async () => {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
    const unreserved = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    const left = unreserved + already - each * functions;
    const sum = `${each} for each of ${functions} functions`;
    if (left >= leastUnreserved) return finding(check, 'ok', `${sum}; ${left} stay unreserved`);
    const most = Math.max(0, Math.floor((unreserved + already - leastUnreserved) / functions));
    return finding(
      check,
      'differs',
      `${sum} would leave ${left} unreserved; Lambda wants ${leastUnreserved}.`,
      most === 0
        ? 'Leave reservedConcurrency out, or have the quota raised (Concurrent executions, Service Quotas).'
        : `Set reservedConcurrency to at most ${most}, or have the quota raised.`,
    );
  });
}
