import type { Gate, Operation } from '../../shared/contract/operation.ts';
import { ifGiven } from '../template/conditions.ts';
import { setting } from '../template/parameters.ts';
import type { Statement } from './policy-document.ts';

/** The first segment after `/v1/` of routes that need only an authenticated caller. */
const identitySegment = 'me';

/** API Gateway's limit for a resource policy, in characters. */
export const resourcePolicyLimit = 8192;

/** With intrinsic functions in place of what depends on the deployment's parameters. */
export interface ResourcePolicyTemplate {
  readonly Version: string;
  readonly Statement: readonly object[];
}

/**
 * The REST API's resource policy, in API Gateway's short form of resources (`execute-api:/stage/method/path`). What it
 * does not deny still needs an identity policy that allows it.
 */
export function resourcePolicy(operations: readonly Operation[]): ResourcePolicyTemplate {
  assertGatesFitPrefixes(operations);
  // All methods, so that neither a method override nor a route added later gets past.
  const gated = gatedSegments(operations).map((segment) => `/v1/${segment}*`);
  const signed = ['/v1/me', '/v1/me/*', ...gated];
  return {
    Version: '2012-10-17',
    Statement: [
      ...stepUpStatements(gated.map(everywhere)),
      neitherUserNorRole(signed.map(everywhere)),
      ...anonymousStatements(operations),
      ifGiven('AllowedOrigins', unsignedPreflights),
    ],
  };
}

const resource = (method: string, path: string): string =>
  `execute-api:/${setting('Stage')}/${method}${wildcard(path)}`;

/**
 * A path under all methods and in all stages: one that somebody adds to the API, or that gets another name while this
 * policy is still served, is behind the gate too.
 */
const everywhere = (path: string): string => `execute-api:/*/*${path}`;

/** The first segments after `/v1/` that need the second factor: all except those of anonymous routes and `me`. */
function gatedSegments(operations: readonly Operation[]): readonly string[] {
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
function stepUpStatements(resources: readonly string[]): readonly Statement[] {
  if (resources.length === 0) return [];
  return [
    deny('DenyUsersWithoutMfa', resources, {
      StringEquals: { 'aws:PrincipalType': 'User' },
      BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
    }),
    deny('DenyUsersWithOldMfa', resources, {
      StringEquals: { 'aws:PrincipalType': 'User' },
      NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': setting('StepUpMaxAge') },
    }),
  ];
}

/**
 * Denies the root user, federated users and anything else that the gate above does not cover. A negated operator also
 * matches when the key is missing, so a principal of unknown type is refused. A preflight has no principal at all: where
 * there are any, the denial is limited to signed requests, which a method override may have turned into anything.
 */
function neitherUserNorRole(resources: readonly string[]): object {
  const statement = deny('DenyAllButUsersAndRoles', resources, {
    StringNotEquals: { 'aws:PrincipalType': ['User', 'AssumedRole'] },
  });
  const Null = ifGiven('AllowedOrigins', { 'aws:PrincipalArn': 'false' });
  return { ...statement, Condition: { ...statement.Condition, Null } };
}

/**
 * For unsigned requests only. Otherwise a signed OPTIONS with a method override could reach a method that the caller's
 * own policies do not allow.
 */
const unsignedPreflights: Statement = {
  Sid: 'AllowUnsignedPreflights',
  Effect: 'Allow',
  Principal: '*',
  Action: 'execute-api:Invoke',
  Resource: [resource('OPTIONS', '/*')],
  Condition: { Null: { 'aws:PrincipalArn': 'true' } },
};

/** With a resource policy in place, API Gateway serves a method without authorization only if the policy allows it. */
function anonymousStatements(operations: readonly Operation[]): readonly Statement[] {
  const resources = anonymousOperations(operations).map(({ method, path }) => resource(method, path));
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
