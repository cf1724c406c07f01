import type { AssumedRole } from '../../shared/contract/background-functions.ts';
import type { Audience } from '../../shared/contract/operation.ts';

/** A part of the deployment that a check stands for, as the report names it. */
export type Target = string;

export const statement = (sid: string): Target => `resource policy: ${sid}`;

/** A missing statement shows in the same answers as the other: both refuse callers without MFA. */
export const stepUpStatements = [statement('DenyUsersWithoutMfa'), statement('DenyUsersWithOldMfa')];

export const gatewayResponse = (type: string): Target => `gateway response: ${type}`;

export const functionOf = (operation: string): Target => `function and role: ${operation}`;

export const assumedRole = (work: AssumedRole): Target => `assumed role: ${work}`;

const policyNames = {
  'self-service': 'SelfService',
  'recovery-agent': 'RecoveryAgent',
  'recovery-approver': 'RecoveryApprover',
  auditor: 'Auditor',
} as const satisfies Partial<Record<Audience, string>>;

export const managedPolicy = (audience: keyof typeof policyNames): Target =>
  `managed policy: ${policyNames[audience]}`;

/** That API Gateway asks for a signature, method by method. */
export const authorization: Target = 'methods: AWS_IAM authorization';

export const preflightMethods: Target = 'methods: preflights';

export const binaryAnswers: Target = 'API: binary media types';

/** The functions' own checks, behind the gateway. */
export const pathCheck: Target = 'functions: exact spelling of the path';
export const corsOfFunctions: Target = 'functions: CORS';
