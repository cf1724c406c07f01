import { type IamResource, iamActions } from '../shared/contract/iam-actions.ts';
import type { Operation } from '../shared/contract/operation.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';
import type { ScheduledFunction } from './scheduled.ts';

/** The name of the product in the names of everything that is deployed. */
export const service = 'mfa-self-service';

/** Where things are: real values, or CloudFormation's placeholders for `Fn::Sub`. */
export interface DeploymentNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stage: string;
  readonly tableName: string;
}

/** An IAM role with the one inline policy that it has. */
export interface Role {
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly name: string;
  readonly trustPolicy: PolicyDocument;
  readonly policyName: string;
  readonly policy: PolicyDocument;
  /** Seconds. */
  readonly maxSessionDuration: number;
}

/** Name of an operation's Lambda function. */
export function functionName(stage: string, operation: string): string {
  return `${service}-${stage}-${operation}`;
}

/** The path that only roles of this stage's functions may have: the device role trusts it. */
export function functionRolePath(stage: string): string {
  return `/${service}/${stage}/`;
}

/** Name of the role of an operation's function. */
export function functionRoleName(stage: string, operation: string): string {
  return `${stage}-${operation}`;
}

/** ARN of the role that functions assume, narrowed to their caller, for every call to IAM. */
export function deviceRoleArn({ partition, accountId, stage }: DeploymentNames): string {
  return `arn:${partition}:iam::${accountId}:role/${deviceRoleName(stage)}`;
}

function deviceRoleName(stage: string): string {
  return `${service}-${stage}-device`;
}

/** ARN of the role that scheduled functions assume for every call to IAM. */
export function maintenanceRoleArn({ partition, accountId, stage }: DeploymentNames): string {
  return `arn:${partition}:iam::${accountId}:role/${maintenanceRoleName(stage)}`;
}

function maintenanceRoleName(stage: string): string {
  return `${service}-${stage}-maintenance`;
}

/** The role of an operation's function: it may assume the device role, log, trace, and hold the lease. */
export function functionRole(operation: Operation, names: DeploymentNames): Role {
  return lambdaRole(operation.name, names, [
    ...(operation.actions.length > 0 ? [assumeRole('AssumeDeviceRole', deviceRoleArn(names))] : []),
    ...(operation.lease ? [holdLease(names)] : []),
  ]);
}

/** The role of a scheduled function: the same with the maintenance role in place of the device role. */
export function scheduledFunctionRole({ name }: ScheduledFunction, names: DeploymentNames): Role {
  return lambdaRole(name, names, [
    assumeRole('AssumeMaintenanceRole', maintenanceRoleArn(names)),
    holdLease(names),
  ]);
}

function lambdaRole(name: string, names: DeploymentNames, statements: readonly Statement[]): Role {
  return {
    path: functionRolePath(names.stage),
    name: functionRoleName(names.stage, name),
    trustPolicy: policyDocument({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    policyName: 'function',
    policy: policyDocument(...statements, writeLogs(name, names), trace),
    maxSessionDuration: 3600,
  };
}

/** The role with which expired enrolments are deleted, for that function alone. It reaches nobody's active device. */
export function maintenanceRole(names: DeploymentNames): Role {
  const { partition, accountId, stage } = names;
  const account = `arn:${partition}:iam::${accountId}`;
  const functionRoleArn = `${account}:role${functionRolePath(stage)}${functionRoleName(stage, 'delete-expired-devices')}`;
  return {
    path: '/',
    name: maintenanceRoleName(stage),
    trustPolicy: policyDocument({
      Sid: 'OnlyTheFunctionInItsName',
      Effect: 'Allow',
      Principal: { AWS: `${account}:root` },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': functionRoleArn },
        StringEquals: { 'sts:SourceIdentity': 'expired-enrolments' },
      },
    }),
    policyName: 'maintenance',
    policy: policyDocument(
      { Effect: 'Allow', Action: ['iam:ListVirtualMFADevices'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['iam:DeleteVirtualMFADevice', 'iam:ListMFADeviceTags'],
        Resource: `${account}:mfa/self-service/*`,
      },
    ),
    maxSessionDuration: 3600,
  };
}

/** The role with which functions call IAM: all that the contracts name, and only for functions of this stage. */
export function deviceRole(operations: readonly Operation[], names: DeploymentNames): Role {
  return {
    path: '/',
    name: deviceRoleName(names.stage),
    trustPolicy: policyDocument(trustFunctions(names)),
    policyName: 'devices',
    policy: policyDocument(...manageDevices(operations, names)),
    maxSessionDuration: 3600,
  };
}

/** A reserved path instead of a list of roles, which would not fit the 2048 characters of a trust policy. */
function trustFunctions({ partition, accountId, stage }: DeploymentNames): Statement {
  return {
    Sid: 'OnlyFunctionsThatNameTheirCaller',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    Condition: {
      ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${accountId}:role${functionRolePath(stage)}*` },
      Null: { 'sts:SourceIdentity': 'false' },
    },
  };
}

function manageDevices(operations: readonly Operation[], names: DeploymentNames): readonly Statement[] {
  const iam = `arn:${names.partition}:iam::${names.accountId}`;
  const actions = [...new Set(operations.flatMap((operation) => operation.actions))].sort();
  const resources: Readonly<Record<IamResource, string>> = {
    user: `${iam}:user/*`,
    'own-device': `${iam}:mfa/self-service/*`,
    device: `${iam}:mfa/*`,
    everything: '*',
  };
  const byResource = Map.groupBy(actions, (action) => resources[iamActions[action]]);
  return [...byResource].map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource }));
}

function assumeRole(Sid: string, roleArn: string): Statement {
  return { Sid, Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'], Resource: roleArn };
}

function holdLease({ partition, region, accountId, tableName }: DeploymentNames): Statement {
  return {
    Sid: 'HoldLease',
    Effect: 'Allow',
    Action: 'dynamodb:UpdateItem',
    Resource: `arn:${partition}:dynamodb:${region}:${accountId}:table/${tableName}`,
  };
}

function writeLogs(name: string, { partition, region, accountId, stage }: DeploymentNames): Statement {
  const group = `/aws/lambda/${functionName(stage, name)}`;
  return {
    Sid: 'WriteLogs',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:*`,
  };
}

/** X-Ray knows no resources. */
const trace: Statement = {
  Sid: 'Trace',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

function policyDocument(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}
