import { randomBytes } from 'node:crypto';
import { functionSource } from '../infra/bundle/function-source.ts';
import { assumedRoleArn, assumedRoles } from '../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../infra/policies/function-roles.ts';
import { enrolmentHoldPolicy, selfServicePolicy, staffPolicy } from '../infra/policies/managed-policies.ts';
import type { Role } from '../infra/policies/policy-document.ts';
import {
  enrolmentHoldArn,
  enrolmentHoldName,
  functionName,
  functionRoleName,
  ticketingSecretPrefix,
} from '../infra/template/resource-names.ts';
import { backgroundFunctions } from '../shared/contract/background-functions.ts';
import type { Operation } from '../shared/contract/operation.ts';
import { webhookSystems } from '../shared/contract/ticketing.ts';
import type { Account } from './aws/account.ts';
import type { SeedPolicies } from './aws/seed.ts';
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

/** Puts the product's roles and policies into the account. Gives what is to be attached to users and roles. */
export function deployRoles(account: Account, operations: readonly Operation[]): SeedPolicies {
  const roles = [
    ...operations.map((operation) => functionRole(operation, deployment)),
    ...backgroundFunctions.map((background) => backgroundRole(background, deployment)),
    ...Object.values(assumedRoles(operations, deployment)),
  ];
  for (const role of roles) account.putRole(accountRole(role));
  account.putManagedPolicy({
    name: enrolmentHoldName(deployment.stage),
    path: '/',
    document: enrolmentHoldPolicy,
  });
  return {
    selfServicePolicyArn: account.putManagedPolicy({
      name: `mfa-self-service-${deployment.stage}-SelfService`,
      path: '/',
      document: selfServicePolicy(operations, deployment),
    }),
    recoveryAgent: staffPolicy('recovery-agent', operations, deployment),
    recoveryApprover: staffPolicy('recovery-approver', operations, deployment),
    auditor: staffPolicy('auditor', operations, deployment),
  };
}

function accountRole({ name, path, trustPolicy, policy, maxSessionDuration }: Role) {
  return { name, path, trustPolicy, policies: [policy], maxSessionDuration };
}

export interface Endpoints {
  readonly awsUrl: string;
  readonly dynamoUrl: string;
}

const ticketingSecret = 'local-ticketing-secret';

/** Values of the secrets by name, such as Secrets Manager is filled with. */
export const seedSecrets: Readonly<Record<string, string>> = Object.fromEntries(
  webhookSystems.map((system) => [
    `${ticketingSecretPrefix(deployment.stage)}${system}`,
    system === 'standard' ? `whsec_${Buffer.from(ticketingSecret).toString('base64')}` : ticketingSecret,
  ]),
);

export interface FunctionOptions {
  /** Overrides of the functions' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The module of a function, by its name in kebab case; its source unless said otherwise. */
  readonly moduleOf?: (name: string) => URL;
  /** Milliseconds that functions behind the API may take. */
  readonly timeoutMs?: number;
}

/** All functions as the local Lambda runs them, each with credentials of its own role. */
export function functionDefinitions(
  operations: readonly Operation[],
  account: Account,
  endpoints: Endpoints,
  { env = {}, moduleOf = functionSource, timeoutMs: apiTimeoutMs }: FunctionOptions = {},
): readonly FunctionDefinition[] {
  const background = backgroundFunctions.map(({ name, timeoutSeconds }) => ({
    name,
    timeoutMs: timeoutSeconds * 1000,
  }));
  const ofOperations = operations.map(({ name }) => ({ name, timeoutMs: apiTimeoutMs }));
  return [...ofOperations, ...background].map(({ name, timeoutMs }) => ({
    name: localFunctionName(name),
    ...(timeoutMs !== undefined && { timeoutMs }),
    handlerUrl: moduleOf(name).href,
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
          ...env,
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
    DEVICE_ROLE_ARN: assumedRoleArn(deployment, 'device'),
    AUDIT_ROLE_ARN: assumedRoleArn(deployment, 'audit'),
    MAINTENANCE_ROLE_ARN: assumedRoleArn(deployment, 'maintenance'),
    RECOVERY_ROLE_ARN: assumedRoleArn(deployment, 'recovery'),
    ENROLMENT_HOLD_ARN: enrolmentHoldArn(deployment),
    EXECUTOR_NAME: localFunctionName('execute-recoveries'),
    TICKETING: JSON.stringify(Object.fromEntries(webhookSystems.map((system) => [system, {}]))),
    OUTCOME_PRIVATE_ADDRESSES: 'allow',
    NOTICE_SENDER: 'mfa@example.com',
    STS_ENDPOINT: awsUrl,
    STEP_UP_MAX_AGE: String(defaultStepUpMaxAge),
    CURSOR_KEY: cursorKey,
  };
}
