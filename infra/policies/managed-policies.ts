import type { Audience, Operation } from '../../shared/contract/operation.ts';
import type { PolicyDocument } from './policy-document.ts';
import { segmentsOf } from './resource-policy.ts';

/** The first segments after `/v1/` under which users look after their own devices. */
const selfServiceSegments: ReadonlySet<string> = new Set(['me', 'mfa-devices', 'hardware-mfa-devices']);

/** Where the REST API is: real values, or CloudFormation's placeholders for `Fn::Sub`. */
export interface ApiNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
}

/** What users need to call the API for themselves. The resource policy still asks for MFA where it must. */
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
 * A recovery's id is exactly this long. A wildcard would also match what follows the id, and so the routes of others
 * wherever API Gateway judges another method than the one that it calls (X-HTTP-Method-Override).
 */
const anyRecoveryId = '?'.repeat(26);

/** What those who act for others need: just their operations, method by method. */
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
 * Attached to a user while a recovery takes his devices, and until he has enrolled again: without a device AWS itself
 * would let his bare access key enrol the next one, past this API.
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
  ],
};
