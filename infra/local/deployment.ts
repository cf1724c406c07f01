import { randomBytes } from 'node:crypto';
import type { Operation } from '../../shared/contract/operation.ts';
import { selfServicePolicy } from '../managed-policies.ts';
import {
  deviceRole,
  deviceRoleArn,
  functionName,
  functionRole,
  functionRoleName,
  maintenanceRole,
  maintenanceRoleArn,
  type Role,
  scheduledFunctionRole,
} from '../roles.ts';
import { scheduledFunctions } from '../scheduled.ts';
import type { Account } from './aws/account.ts';
import type { FunctionDefinition } from './lambda/lambda.ts';

/** Where the local product is "deployed". */
export const deployment = {
  partition: 'aws',
  accountId: '123456789012',
  region: 'us-east-1',
  apiId: 'localapi00',
  stage: 'local',
  tableName: 'mfa-self-service-local',
} as const;

/** Seconds that a session with MFA counts as recent, unless the environment says otherwise. */
export const defaultStepUpMaxAge = 900;

/** Deployed, it comes from Secrets Manager; here cursors end with the stack that made them. */
const cursorKey = randomBytes(32).toString('base64url');

/** Seconds of a function's credentials; its worker is replaced before they end. */
const durationSeconds = 3600;

/** Name of the local function of an operation. */
export function localFunctionName(operation: string): string {
  return functionName(deployment.stage, operation);
}

/** Puts the product's roles into the account, and the policy to attach to its users. Gives that policy's ARN. */
export function deployRoles(account: Account, operations: readonly Operation[]): string {
  const roles = [
    ...operations.map((operation) => functionRole(operation, deployment)),
    ...scheduledFunctions.map((scheduled) => scheduledFunctionRole(scheduled, deployment)),
    deviceRole(operations, deployment),
    maintenanceRole(deployment),
  ];
  for (const role of roles) account.putRole(accountRole(role));
  return account.putManagedPolicy({
    name: `mfa-self-service-${deployment.stage}-SelfService`,
    path: '/',
    document: selfServicePolicy(operations, deployment),
  });
}

function accountRole({ name, path, trustPolicy, policy, maxSessionDuration }: Role) {
  return { name, path, trustPolicy, policies: [policy], maxSessionDuration };
}

export interface Endpoints {
  readonly awsUrl: string;
  readonly dynamoUrl: string;
}

/** All functions as the local Lambda runs them, each with credentials of its own role. */
export function functionDefinitions(
  operations: readonly Operation[],
  account: Account,
  endpoints: Endpoints,
  overrides: Readonly<Record<string, string>>,
): readonly FunctionDefinition[] {
  const scheduled = scheduledFunctions.map(({ name, timeoutSeconds }) => ({
    name,
    timeoutMs: timeoutSeconds * 1000,
    variables: { MAINTENANCE_ROLE_ARN: maintenanceRoleArn(deployment) },
  }));
  const ofOperations = operations.map(({ name }) => ({ name, timeoutMs: undefined, variables: {} }));
  return [...ofOperations, ...scheduled].map(({ name, timeoutMs, variables }) => ({
    name: localFunctionName(name),
    ...(timeoutMs !== undefined && { timeoutMs }),
    handlerUrl: new URL(`../../functions/${name}.ts`, import.meta.url).href,
    environment: () => {
      const role = functionRoleName(deployment.stage, name);
      const session = localFunctionName(name);
      const keys = account.assumeRoleForService(role, session, { durationSeconds });
      return {
        expiresAt: keys.expiration.getTime(),
        variables: {
          AWS_REGION: deployment.region,
          AWS_LAMBDA_FUNCTION_NAME: session,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_SESSION_TOKEN: keys.sessionToken,
          ...settings(endpoints),
          ...variables,
          ...overrides,
        },
      };
    },
  }));
}

function settings({ awsUrl, dynamoUrl }: Endpoints) {
  return {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    STAGE: deployment.stage,
    API_ID: deployment.apiId,
    TABLE_NAME: deployment.tableName,
    DEVICE_ROLE_ARN: deviceRoleArn(deployment),
    STS_ENDPOINT: awsUrl,
    STEP_UP_MAX_AGE: String(defaultStepUpMaxAge),
    CURSOR_KEY: cursorKey,
  };
}
