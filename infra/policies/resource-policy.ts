import type { Gate, Operation } from '../../shared/contract/operation.ts';
import { preflightsOf } from '../template/preflight.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';

/** The first segment after `/v1/` of routes that need only an authenticated caller. */
const identitySegment = 'me';

/** API Gateway's limit for a resource policy, in characters. */
export const resourcePolicyLimit = 8192;

export interface ResourcePolicySettings {
  readonly stage: string;
  /** Seconds that a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
  /** Origins whose pages may call the API. By default none, and preflights are denied. */
  readonly allowedOrigins?: readonly string[];
}

/** Every method that a REST API can have, except that of preflights. */
const methodsButOptions = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The REST API's resource policy, the same deployed and local, in API Gateway's short form of resources
 * (`execute-api:/stage/method/path`). What it does not deny still needs an identity policy that allows it.
 */
export function resourcePolicy(
  operations: readonly Operation[],
  { stage, stepUpMaxAge, allowedOrigins = [] }: ResourcePolicySettings,
): PolicyDocument {
  assertSettings(stage, stepUpMaxAge);
  assertGatesFitPrefixes(operations);
  // All methods, so that neither a method override nor a route added later gets past.
  const gated = gatedSegments(operations).map((segment) => `/v1/${segment}*`);
  const signed = ['/v1/me', '/v1/me/*', ...gated];
  const preflights = preflightsOf(operations, allowedOrigins).map(({ path }) => path);
  const under = (method: string, paths: readonly string[]) =>
    paths.map((path) => `execute-api:/${stage}/${method}${wildcard(path)}`);
  return {
    Version: '2012-10-17',
    Statement: [
      ...(gated.length > 0 ? stepUpStatements(under('*', gated), stepUpMaxAge) : []),
      ...(preflights.length === 0
        ? [neitherUserNorRole(under('*', signed))]
        : neitherUserNorRoleButPreflights(
            under('*', signed),
            methodsButOptions.flatMap((method) => under(method, signed)),
          )),
      ...anonymousStatements(operations, stage),
      ...preflightStatements(under('OPTIONS', preflights)),
    ],
  };
}

/** The first segments after `/v1/` that need the second factor: all except those of anonymous routes and `me`. */
export function gatedSegments(operations: readonly Operation[]): readonly string[] {
  const open = new Set(segmentsOf(anonymousOperations(operations)));
  return segmentsOf(operations).filter((segment) => segment !== identitySegment && !open.has(segment));
}

/** The distinct first segments after `/v1/` of all operations, sorted; the page at the root has none. */
export function segmentsOf(operations: readonly Operation[]): readonly string[] {
  return [...new Set(operations.filter((operation) => !isRoot(operation)).map(firstSegment))].sort();
}

const isRoot = ({ path }: Operation): boolean => path === '/';

/**
 * Two statements, since conditions within one are ANDed. `IfExists`, since a request signed with a long-term key
 * carries neither condition key and must be refused too.
 */
function stepUpStatements(resources: readonly string[], stepUpMaxAge: number): readonly Statement[] {
  return [
    deny('DenyUsersWithoutMfa', resources, {
      StringEquals: { 'aws:PrincipalType': 'User' },
      BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
    }),
    deny('DenyUsersWithOldMfa', resources, {
      StringEquals: { 'aws:PrincipalType': 'User' },
      NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': String(stepUpMaxAge) },
    }),
  ];
}

/**
 * Denies the root user, federated users and anything else that the gate above does not cover. A negated operator also
 * matches when the key is missing, so a principal of unknown type is refused.
 */
function neitherUserNorRole(resources: readonly string[]): Statement {
  return deny('DenyAllButUsersAndRoles', resources, {
    StringNotEquals: { 'aws:PrincipalType': ['User', 'AssumedRole'] },
  });
}

/**
 * A preflight has no principal, so the statement above would refuse it. That statement still covers the other methods;
 * for OPTIONS it applies only to signed requests, which a method override may have turned into anything.
 */
function neitherUserNorRoleButPreflights(
  allMethods: readonly string[],
  otherMethods: readonly string[],
): readonly Statement[] {
  const { Condition, ...statement } = neitherUserNorRole(allMethods);
  return [
    neitherUserNorRole(otherMethods),
    {
      ...statement,
      Sid: 'DenySignedByNeitherUserNorRole',
      Condition: { ...Condition, Null: { 'aws:PrincipalArn': 'false' } },
    },
  ];
}

/**
 * For unsigned requests only. Otherwise a signed OPTIONS with a method override could reach a method that the caller's
 * own policies do not allow.
 */
function preflightStatements(resources: readonly string[]): readonly Statement[] {
  if (resources.length === 0) return [];
  return [
    {
      Sid: 'AllowUnsignedPreflights',
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: resources,
      Condition: { Null: { 'aws:PrincipalArn': 'true' } },
    },
  ];
}

/** With a resource policy in place, API Gateway serves a method without authorization only if the policy allows it. */
function anonymousStatements(operations: readonly Operation[], stage: string): readonly Statement[] {
  const resources = anonymousOperations(operations).map(
    ({ method, path }) => `execute-api:/${stage}/${method}${wildcard(path)}`,
  );
  if (resources.length === 0) return [];
  return [
    {
      Sid: 'AllowAnonymousRoutes',
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: resources,
    },
  ];
}

/** Replaces a path's parameters with wildcards. */
function wildcard(path: string): string {
  return path.replaceAll(/\{[^}]+\}/g, '*');
}

function deny(
  Sid: string,
  Resource: readonly string[],
  Condition: NonNullable<Statement['Condition']>,
): Statement {
  return { Sid, Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource, Condition };
}

/** A value that AWS does not read as a number or a stage would leave the gate open. */
function assertSettings(stage: string, stepUpMaxAge: number): void {
  if (!/^[A-Za-z0-9_-]+$/.test(stage)) throw new Error(`"${stage}" is not a valid stage name`);
  if (!Number.isInteger(stepUpMaxAge) || stepUpMaxAge <= 0) {
    throw new Error('stepUpMaxAge must be a whole number of seconds, at least 1');
  }
}

/** Gates apply to prefixes: a contract whose gate differs from that of its prefix must not be deployed. */
function assertGatesFitPrefixes(operations: readonly Operation[]): void {
  const gated = gatedSegments(operations);
  for (const operation of operations) {
    // The root cannot be gated: it is a prefix of every path.
    const gate = isRoot(operation) ? 'anonymous' : gateOf(firstSegment(operation), gated);
    if (operation.gate !== gate) {
      throw new Error(
        `${operation.name}: gate "${operation.gate}" does not match the prefix of ${operation.path}`,
      );
    }
  }
}

function gateOf(segment: string, gated: readonly string[]): Gate {
  // Checked first: a gated prefix also denies a longer segment that begins with it.
  if (gated.some((prefix) => segment.startsWith(prefix))) return 'second-factor';
  return segment === identitySegment ? 'identity' : 'anonymous';
}

function anonymousOperations(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(({ gate }) => gate === 'anonymous');
}

function firstSegment({ path }: Operation): string {
  const [, , segment = ''] = path.split('/');
  if (!/^[a-z0-9.-]+$/.test(segment)) throw new Error(`${path}: no fixed segment after /v1/`);
  return segment;
}
