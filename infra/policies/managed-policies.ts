import type { Audience, Operation } from '../../shared/contract/operation.ts';
import type { PolicyDocument } from './policy-document.ts';
import { segmentsOf } from './resource-policy.ts';

/** The first segments after `/v1/` under which users manage their own devices. */
const selfServiceSegments: ReadonlySet<string> = new Set(['me', 'mfa-devices', 'hardware-mfa-devices']);

/** Identifies the REST API: real values, or CloudFormation placeholders for `Fn::Sub`. */
export interface ApiNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
}

/** What users need to manage their own devices. The resource policy still requires MFA on gated routes. */
export function selfServicePolicy(operations: readonly Operation[], names: ApiNames): PolicyDocument {
  const segments = segmentsOf(operations).filter((segment) => selfServiceSegments.has(segment));
  const routes = segments.flatMap((segment) => [`*/v1/${segment}`, `*/v1/${segment}/*`]);
  return invoke('InvokeSelfService', routes, names);
}

/** Audiences that act for others, and what their policies are called. */
export const staffPolicies = {
  'recovery-agent': 'RecoveryAgent',
  'recovery-approver': 'RecoveryApprover',
  auditor: 'Auditor',
} as const satisfies Partial<Record<Audience, string>>;

export type StaffAudience = keyof typeof staffPolicies;

/**
 * A recovery's id has exactly this length. A `*` would also match what follows the id, and so other audiences' routes,
 * if API Gateway authorises a method other than the one it calls (X-HTTP-Method-Override).
 */
const anyRecoveryId = '?'.repeat(26);

/** What staff need: exactly their operations, method by method. */
export function staffPolicy(
  audience: StaffAudience,
  operations: readonly Operation[],
  names: ApiNames,
): PolicyDocument {
  const routes = operations
    .filter((operation) => operation.audience.includes(audience))
    .map(({ method, path }) => `${method}${withAnyParameters(path)}`);
  return invoke(`Invoke${staffPolicies[audience]}`, routes, names);
}

const withAnyParameters = (path: string): string =>
  path.replace('{recoveryId}', anyRecoveryId).replaceAll(/\{[^}]+\}/g, '*');

function invoke(Sid: string, routes: readonly string[], names: ApiNames): PolicyDocument {
  const { partition, region, accountId, apiId, stage } = names;
  const api = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}`;
  const Resource = routes.map((route) => `${api}/${route}`);
  return {
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Allow', Action: 'execute-api:Invoke', Resource }],
  };
}

/**
 * Attached to a user from the moment a recovery removes their devices until they have enrolled again. Without a device,
 * AWS itself would let a bare access key enrol the next one, bypassing this API. No session with MFA can be a good one
 * meanwhile: the user has no device, or someone else had theirs.
 */
export const enrolmentHoldPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'EnrolOnlyThroughTheApi',
      Effect: 'Deny',
      Action: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
      Resource: '*',
    },
    {
      Sid: 'NoSessionsWithMfa',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  ],
};
