import type { AssumedRole } from '../../shared/contract/background-functions.ts';
import { type IamAction, type IamResource, iamActions } from '../../shared/contract/iam-actions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { productTags } from '../../shared/devices/tags.ts';
import {
  type DeploymentNames,
  enrolmentHoldArn,
  functionRoleArn,
  functionRolePath,
  service,
} from '../template/resource-names.ts';
import type { PolicyDocument, Role, Statement } from './policy-document.ts';

/** The ARN of a role that functions assume to call IAM. */
export const assumedRoleArn = (
  { partition, accountId, stage }: Pick<DeploymentNames, 'partition' | 'accountId' | 'stage'>,
  work: AssumedRole,
): string => `arn:${partition}:iam::${accountId}:role/${assumedRoleName(stage, work)}`;

const assumedRoleName = (stage: string, work: AssumedRole): string => `${service}-${stage}-${work}`;

/** All roles that functions assume. */
export const assumedRoles = (
  operations: readonly Operation[],
  names: DeploymentNames,
): Record<AssumedRole, Role> => ({
  device: deviceRole(operations, names, 'device'),
  'device-read': deviceRole(operations, names, 'device-read'),
  audit: auditRole(operations, names),
  maintenance: maintenanceRole(names),
  recovery: recoveryRole(names),
});

/** Every action that contracts of operations which assume this role name. */
function actionsOf(operations: readonly Operation[], work: AssumedRole): readonly IamAction[] {
  return operations
    .filter((operation) => assumedRoleOf(operation) === work)
    .flatMap(({ actions }) => actions);
}

/** The roles for users' own devices: one for operations that change them, one for those that only read. */
const deviceRole = (
  operations: readonly Operation[],
  names: DeploymentNames,
  work: 'device' | 'device-read',
): Role => assumedRole(work, names, trustFunctions(names), statementsFor(actionsOf(operations, work), names));

/** The read-only role for viewing other users' devices. */
const auditRole = (operations: readonly Operation[], names: DeploymentNames): Role =>
  assumedRole('audit', names, trustFunctions(names), statementsFor(actionsOf(operations, 'audit'), names));

/** The role that an operation's function assumes, if it calls IAM at all. */
export function assumedRoleOf({ actions, audience }: Operation): AssumedRole | undefined {
  if (actions.length === 0) return undefined;
  if (!audience.includes('self-service')) return 'audit';
  return actions.every(isReading) ? 'device-read' : 'device';
}

/** IAM's actions that get or list have no side effect. */
const isReading = (action: IamAction): boolean => /^iam:(Get|List)/.test(action);

/**
 * The role for deleting expired enrolments, for that function alone. It cannot deactivate a device, and the only tag that
 * it takes off is the expiry.
 */
const maintenanceRole = (names: DeploymentNames): Role =>
  assumedRole('maintenance', names, trustOneFunction(names, 'delete-expired-devices', 'expired-enrolments'), [
    { Effect: 'Allow', Action: ['iam:ListVirtualMFADevices'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['iam:DeleteVirtualMFADevice', 'iam:ListMFADeviceTags'],
      Resource: `${iam(names)}:mfa/self-service/*`,
    },
    {
      Effect: 'Allow',
      Action: ['iam:UntagMFADevice'],
      Resource: `${iam(names)}:mfa/self-service/*`,
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [productTags.expiresAt] },
        Null: { 'aws:TagKeys': 'false' },
      },
    },
  ]);

/**
 * The role for executing recoveries, for that function alone. The only policy it attaches and detaches is the hold, and
 * the only inline policy it puts and deletes is the one that revokes sessions.
 */
const recoveryRole = (names: DeploymentNames): Role =>
  assumedRole('recovery', names, trustOneFunction(names, 'execute-recoveries', 'mfa-recovery'), [
    {
      Effect: 'Allow',
      Action: [
        'iam:DeactivateMFADevice',
        'iam:DeleteUserPolicy',
        'iam:GetUser',
        'iam:ListMFADevices',
        'iam:PutUserPolicy',
      ],
      Resource: `${iam(names)}:user/*`,
    },
    {
      Effect: 'Allow',
      Action: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
      Resource: `${iam(names)}:user/*`,
      Condition: { ArnEquals: { 'iam:PolicyARN': enrolmentHoldArn(names) } },
    },
    { Effect: 'Allow', Action: ['iam:ListEntitiesForPolicy'], Resource: enrolmentHoldArn(names) },
    {
      Effect: 'Allow',
      Action: ['iam:DeleteVirtualMFADevice', 'iam:ListMFADeviceTags'],
      Resource: `${iam(names)}:mfa/*`,
    },
    { Effect: 'Allow', Action: ['iam:ListVirtualMFADevices'], Resource: '*' },
  ]);

function assumedRole(
  work: AssumedRole,
  names: DeploymentNames,
  trust: Statement,
  statements: readonly Statement[],
): Role {
  return {
    path: '/',
    name: assumedRoleName(names.stage, work),
    trustPolicy: document(trust),
    policyName: work,
    policy: document(...statements),
    maxSessionDuration: 3600,
  };
}

/** Trusts a reserved path, since a list of roles would exceed the 2048 characters of a trust policy. */
const trustFunctions = (names: DeploymentNames): Statement => ({
  Sid: 'OnlyFunctionsThatNameTheirCaller',
  Effect: 'Allow',
  Principal: { AWS: `${iam(names)}:root` },
  Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  Condition: {
    ArnLike: { 'aws:PrincipalArn': `${iam(names)}:role${functionRolePath(names.stage)}*` },
    Null: { 'sts:SourceIdentity': 'false' },
  },
});

const trustOneFunction = (names: DeploymentNames, name: string, sourceIdentity: string): Statement => ({
  Sid: 'OnlyTheFunctionInItsName',
  Effect: 'Allow',
  Principal: { AWS: `${iam(names)}:root` },
  Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  Condition: {
    ArnEquals: { 'aws:PrincipalArn': functionRoleArn(names, name) },
    StringEquals: { 'sts:SourceIdentity': sourceIdentity },
  },
});

/** Allows each action on the resources it applies to. Only the hold may be detached. */
function statementsFor(all: readonly IamAction[], names: DeploymentNames): readonly Statement[] {
  const resources: Readonly<Record<IamResource, string>> = {
    user: `${iam(names)}:user/*`,
    'own-device': `${iam(names)}:mfa/self-service/*`,
    device: `${iam(names)}:mfa/*`,
    everything: '*',
  };
  const detach: IamAction = 'iam:DetachUserPolicy';
  const actions = [...new Set(all)].sort();
  const byResource = Map.groupBy(
    actions.filter((action) => action !== detach),
    (action) => resources[iamActions[action]],
  );
  const statements = [...byResource].map(
    ([Resource, Action]): Statement => ({ Effect: 'Allow', Action, Resource }),
  );
  if (!actions.includes(detach)) return statements;
  const Condition = { ArnEquals: { 'iam:PolicyARN': enrolmentHoldArn(names) } };
  return [...statements, { Effect: 'Allow', Action: [detach], Resource: resources.user, Condition }];
}

const iam = ({ partition, accountId }: DeploymentNames): string => `arn:${partition}:iam::${accountId}`;

const document = (...Statement: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});
