import type { Operation } from '../../shared/contract/operation.ts';
import { selfServicePolicy } from '../managed-policies.ts';
import {
  deviceRole,
  deviceRoleArn,
  functionName,
  functionRole,
  functionRoleName,
  type Role,
} from '../roles.ts';
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

/** Seconds of a function's credentials; its worker is replaced before they end. */
const durationSeconds = 3600;

/** Name of the local function of an operation. */
export function localFunctionName(operation: string): string {
  return functionName(deployment.stage, operation);
}

/** Puts the product's roles into the account, and the policy to attach to its users. Gives that policy's ARN. */
export function deployRoles(account: Account, operations: readonly Operation[]): string {
  const roles = operations.map((operation) => functionRole(operation, deployment));
  for (const role of [...roles, deviceRole(operations, deployment)]) account.putRole(accountRole(role));
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

/** The operations' functions as the local Lambda runs them, each with credentials of its own role. */
export function functionDefinitions(
  operations: readonly Operation[],
  account: Account,
  endpoints: Endpoints,
  overrides: Readonly<Record<string, string>>,
): readonly FunctionDefinition[] {
  return operations.map(({ name }) => ({
    name: localFunctionName(name),
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
  };
}
