import { randomBytes } from 'node:crypto';
import { functionSource } from '../infra/bundle/function-source.ts';
import { assumedRoleArn, assumedRoleOf, assumedRoles } from '../infra/policies/assumed-roles.ts';
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

/** Where the product is "deployed" locally. */
export const deployment = {
  partition: 'aws',
  accountId: '123456789012',
  region: 'us-east-1',
  apiId: 'localapi00',
  stage: 'local',
  tableName: 'mfa-self-service-local',
  noticeSender: 'mfa@example.com',
} as const;

/** Seconds for which a session with MFA counts as recent, unless the environment overrides it. */
export const defaultStepUpMaxAge = 900;

/** A deployment takes it from Secrets Manager; here, cursors become invalid when the stack ends. */
const cursorKey = randomBytes(32).toString('base64url');

/** Lifetime of a function's credentials, in seconds; its worker is replaced before they expire. */
const durationSeconds = 3600;

/** The name of an operation's local function. */
export function localFunctionName(operation: string): string {
  return functionName(deployment.stage, operation);
}

/** Creates the product's roles and policies in the account. Returns the policies for the seeded users and roles. */
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

/** The values with which Secrets Manager is seeded, by name. */
export const seedSecrets: Readonly<Record<string, string>> = Object.fromEntries(
  webhookSystems.map((system) => [
    `${ticketingSecretPrefix(deployment.stage)}${system}`,
    system === 'standard' ? `whsec_${Buffer.from(ticketingSecret).toString('base64')}` : ticketingSecret,
  ]),
);

export interface FunctionOptions {
  /** Overrides for the functions' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The module of a function, by its kebab-case name; its source by default. */
  readonly moduleOf?: (name: string) => URL;
  /** The timeout of functions behind the API, in milliseconds. */
  readonly timeoutMs?: number;
}

/** All functions for the local Lambda, each with credentials of its own role. */
export function functionDefinitions(
  operations: readonly Operation[],
  account: Account,
  endpoints: Endpoints,
  { env = {}, moduleOf = functionSource, timeoutMs: apiTimeoutMs }: FunctionOptions = {},
): readonly FunctionDefinition[] {
  const background = backgroundFunctions.map(({ name, timeoutSeconds }) => ({
    name,
    timeoutMs: timeoutSeconds * 1000,
    variables: {},
  }));
  const ofOperations = operations.map((operation) => ({
    name: operation.name,
    timeoutMs: apiTimeoutMs,
    variables: deviceRoleOf(operation),
  }));
  return [...ofOperations, ...background].map(({ name, timeoutMs, variables }) => ({
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
          AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_SESSION_TOKEN: keys.sessionToken,
          ...settings(endpoints),
          ...variables,
          ...env,
        },
      };
    },
  }));
}

/** The device role that an operation's function assumes, if it assumes one. */
function deviceRoleOf(operation: Operation): Readonly<Record<string, string>> {
  const work = assumedRoleOf(operation);
  const isOne = work === 'device' || work === 'device-read';
  return isOne ? { DEVICE_ROLE_ARN: assumedRoleArn(deployment, work) } : {};
}

function settings({ awsUrl, dynamoUrl }: Endpoints) {
  return {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    STAGE: deployment.stage,
    API_ID: deployment.apiId,
    TABLE_NAME: deployment.tableName,
    AUDIT_ROLE_ARN: assumedRoleArn(deployment, 'audit'),
    MAINTENANCE_ROLE_ARN: assumedRoleArn(deployment, 'maintenance'),
    RECOVERY_ROLE_ARN: assumedRoleArn(deployment, 'recovery'),
    ENROLMENT_HOLD_ARN: enrolmentHoldArn(deployment),
    EXECUTOR_NAME: localFunctionName('execute-recoveries'),
    NOTIFIER_NAME: localFunctionName('notify-subject'),
    REPORTER_NAME: localFunctionName('report-outcome'),
    TICKETING: JSON.stringify(Object.fromEntries(webhookSystems.map((system) => [system, {}]))),
    OUTCOME_PRIVATE_ADDRESSES: 'allow',
    NOTICE_SENDER: deployment.noticeSender,
    STS_ENDPOINT: awsUrl,
    STEP_UP_MAX_AGE: String(defaultStepUpMaxAge),
    CURSOR_KEY: cursorKey,
  };
}
