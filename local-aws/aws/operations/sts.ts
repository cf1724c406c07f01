import { decide, decideAssumeRole } from '../../policy/evaluate.ts';
import type { PolicyDocument } from '../../principal.ts';
import type { Role, TemporaryCredentials } from '../account.ts';
import { accessRequest, notAuthorized } from '../authorize.ts';
import { AwsError, accessDenied, validationError } from '../aws-error.ts';
import { type Call, type Operation, operation, type Permission } from '../operation.ts';
import { arn, integer, list, required, structure, text } from '../parameters.ts';
import type { XmlObject } from '../xml.ts';
import { checkedPolicy } from './policies.ts';

const stsName = { min: 2, max: 64, pattern: '[\\w+=,.@-]*' };
const mfa = {
  SerialNumber: text({ min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' }),
  TokenCode: text({ min: 6, max: 6, pattern: '[\\d]*', unquoted: true }),
};
const sessionPolicyText = text({
  min: 1,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
  unquoted: true,
});
const chainedSessionLimit = 3600;
const sessionPolicyLimit = 2048;
const sessionPolicyArns = 10;

const getCallerIdentity = operation({
  service: 'sts',
  name: 'GetCallerIdentity',
  parameters: {},
  permissions: () => [],
  run: (_values, { principal }) => ({
    UserId: principal.userId,
    Account: principal.accountId,
    Arn: principal.arn,
  }),
});

const getSessionToken = operation({
  service: 'sts',
  name: 'GetSessionToken',
  parameters: { DurationSeconds: integer({ min: 900, max: 129_600 }), ...mfa },
  permissions: () => [],
  run({ DurationSeconds = 43_200, SerialNumber, TokenCode }, call) {
    const user = call.account.users.withId(call.principal.userId);
    if (call.principal.session !== undefined || user === undefined) {
      throw accessDenied('Cannot call GetSessionToken with session credentials');
    }
    const withMfa = verifyMfa({ SerialNumber, TokenCode }, call);
    const credentials = call.account.issueToUser(user, {
      durationSeconds: DurationSeconds,
      ...(withMfa && { mfaAt: call.now }),
    });
    return { Credentials: credentialsXml(credentials) };
  },
});

const getFederationToken = operation({
  service: 'sts',
  name: 'GetFederationToken',
  parameters: {
    Name: required(text({ min: 2, max: 32, pattern: '[\\w+=,.@-]*' })),
    Policy: sessionPolicyText,
    PolicyArns: list(structure({ arn: required(arn) })),
    DurationSeconds: integer({ min: 900, max: 129_600 }),
  },
  permissions: ({ Name }, { account }) => [
    { action: 'sts:GetFederationToken', resource: account.federatedUserArn(Name) },
  ],
  run(values, call) {
    const { Name, DurationSeconds = 43_200 } = values;
    const user = call.account.users.withId(call.principal.userId);
    if (call.principal.session !== undefined || user === undefined) {
      throw accessDenied('Cannot call GetFederationToken with session credentials');
    }
    const { documents, packedSize } = sessionPolicies(values, call);
    const credentials = call.account.issueToFederatedUser(user, Name, {
      durationSeconds: DurationSeconds,
      // Without a policy the session has the permissions of none.
      policies: documents.length > 0 ? documents : [{ Version: '2012-10-17', Statement: [] }],
    });
    return {
      Credentials: credentialsXml(credentials),
      FederatedUser: {
        FederatedUserId: `${call.account.accountId}:${Name}`,
        Arn: call.account.federatedUserArn(Name),
      },
      PackedPolicySize: documents.length > 0 ? packedSize : undefined,
    };
  },
});

const assumeRole = operation({
  service: 'sts',
  name: 'AssumeRole',
  parameters: {
    RoleArn: required(arn),
    RoleSessionName: required(text(stsName)),
    Policy: sessionPolicyText,
    PolicyArns: list(structure({ arn: required(arn) })),
    DurationSeconds: integer({ min: 900, max: 43_200 }),
    ExternalId: text({ min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' }),
    SourceIdentity: text(stsName),
    ...mfa,
  },
  // `assertTrusted` evaluates the trust policy together with the caller's own.
  permissions: () => [],
  run(values, call) {
    const { RoleArn, RoleSessionName, DurationSeconds = 3600 } = values;
    if (call.principal.type === 'federated-user') {
      throw accessDenied('Cannot call AssumeRole with credentials of a federated user');
    }
    const sourceIdentity = sourceIdentityOf(values.SourceIdentity, call);
    const role = [...call.account.roles.values()].find((candidate) => candidate.arn === RoleArn);
    const withMfa = verifyMfa(values, call);
    assertTrusted(role, { ...values, sourceIdentity, withMfa }, call);
    assertDuration(DurationSeconds, role, call);
    const policies = sessionPolicies(values, call);
    const { name: roleName, roleId } = role;
    const credentials = call.account.issue({
      holder: { type: 'role', roleName, roleId, sessionName: RoleSessionName },
      durationSeconds: DurationSeconds,
      policies: policies.documents,
      origin: call.principal.session?.origin ?? call.principal.arn,
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      ...(withMfa && { mfaAt: call.now }),
    });
    return {
      Credentials: credentialsXml(credentials),
      AssumedRoleUser: {
        AssumedRoleId: `${roleId}:${RoleSessionName}`,
        Arn: call.account.assumedRoleArn(role, RoleSessionName),
      },
      PackedPolicySize: policies.documents.length > 0 ? policies.packedSize : undefined,
      SourceIdentity: sourceIdentity,
    };
  },
});

export const stsOperations: readonly Operation[] = [
  getCallerIdentity,
  getSessionToken,
  getFederationToken,
  assumeRole,
];

/** Whether the caller authenticated with MFA. Throws AccessDenied if the attempt failed. */
function verifyMfa(
  {
    SerialNumber,
    TokenCode,
  }: { readonly SerialNumber?: string | undefined; readonly TokenCode?: string | undefined },
  { account, principal, now }: Call,
): boolean {
  if (SerialNumber === undefined && TokenCode === undefined) return false;
  if (SerialNumber === undefined || TokenCode === undefined) {
    throw accessDenied(
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    );
  }
  const verification = account.sts.verify(SerialNumber, principal.userId, TokenCode, now);
  if (verification === 'invalid-code') {
    throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  }
  if (verification === 'unable') {
    throw accessDenied(
      'MultiFactorAuthentication failed, unable to validate MFA code.  ' +
        'Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  return true;
}

/** A source identity, once set, stays for the whole chain of roles. */
function sourceIdentityOf(wanted: string | undefined, { principal }: Call): string | undefined {
  const present = principal.session?.sourceIdentity;
  if (present !== undefined && wanted !== undefined && wanted !== present) {
    throw accessDenied('The SourceIdentity of a session cannot be changed by role chaining.');
  }
  return present ?? wanted;
}

interface TrustFacts {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly ExternalId?: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly withMfa: boolean;
}

/** Throws unless both the caller's policies and the role's trust policy allow it. An unknown role is denied too. */
function assertTrusted(role: Role | undefined, facts: TrustFacts, call: Call): asserts role is Role {
  const policies = {
    identity: call.account.identityPoliciesOf(call.principal),
    session: call.principal.session?.policies ?? [],
  };
  const assume = accessRequest(trustPermission('sts:AssumeRole', facts), call);
  if (role === undefined) throw notAuthorized(assume);
  if (decideAssumeRole(assume, { ...policies, trust: role.trustPolicy }) !== 'allow')
    throw notAuthorized(assume);
  call.account.uses.note(assume, policies.identity);
  if (facts.sourceIdentity !== undefined) assertMaySetSourceIdentity(role, facts, policies, call);
}

function assertMaySetSourceIdentity(
  role: Role,
  facts: TrustFacts,
  policies: Parameters<typeof decide>[1],
  call: Call,
): void {
  const set = accessRequest(trustPermission('sts:SetSourceIdentity', facts), call);
  // Unlike AssumeRole, both sides must allow this, however the trust policy names the caller.
  const bothAllow =
    decide(set, policies) === 'allow' &&
    decideAssumeRole(set, { ...policies, trust: role.trustPolicy }) === 'allow';
  if (!bothAllow) throw notAuthorized(set);
  call.account.uses.note(set, policies.identity);
}

function trustPermission(action: string, facts: TrustFacts): Permission {
  return {
    action,
    resource: facts.RoleArn,
    context: {
      'sts:RoleSessionName': facts.RoleSessionName,
      ...(facts.sourceIdentity !== undefined && { 'sts:SourceIdentity': facts.sourceIdentity }),
      ...(facts.ExternalId !== undefined && { 'sts:ExternalId': facts.ExternalId }),
      ...(facts.withMfa && { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }),
    },
  };
}

function assertDuration(seconds: number, role: Role, { principal }: Call): void {
  if (principal.type === 'assumed-role' && seconds > chainedSessionLimit) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

/** The session policies, and the percentage of the allotted space that they use. */
function sessionPolicies(
  {
    Policy,
    PolicyArns = [],
  }: { readonly Policy?: string | undefined; readonly PolicyArns?: readonly { arn: string }[] | undefined },
  { account }: Call,
): { readonly documents: readonly PolicyDocument[]; readonly packedSize: number } {
  if (PolicyArns.length > sessionPolicyArns) {
    throw validationError(`Number of PolicyArns must be less than or equal to ${sessionPolicyArns}`);
  }
  const size = Policy?.length ?? 0;
  const packedSize = Math.ceil((size * 100) / sessionPolicyLimit);
  if (size > sessionPolicyLimit) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${packedSize}% of allotted space, please use smaller policy.`,
    );
  }
  const managed = PolicyArns.map((policy) => account.managedPolicy(policy.arn).document);
  return { documents: Policy === undefined ? managed : [checkedPolicy(Policy), ...managed], packedSize };
}

function credentialsXml(credentials: TemporaryCredentials): XmlObject {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration,
  };
}
