import type { OneOrMany, PolicyDocument, Principal, Statement } from '../principal.ts';
import { conditionsHold } from './conditions.ts';
import type { ConditionContext } from './context.ts';
import { expand, matchesGlob, matchesResource, type Variables } from './pattern.ts';
import { type Grantee, granteeOf, isExcepted, strongest } from './principals.ts';

export type Decision = 'allow' | 'implicit-deny' | 'explicit-deny';

export interface AccessRequest {
  /** `service:Action`. */
  readonly action: string;
  /** An ARN, or `*` for actions without resource-level permissions. */
  readonly resource: string;
  /** Undefined for an anonymous request. */
  readonly principal: Principal | undefined;
  readonly context: ConditionContext;
}

/** A resource policy's decision and, if it allows, how it names the caller. */
export interface ResourcePolicyDecision {
  readonly decision: Decision;
  readonly grantee?: Grantee;
}

/** Evaluates identity or session policies, which have no Principal element. Throws on malformed statements. */
export function evaluate(request: AccessRequest, documents: readonly PolicyDocument[]): Decision {
  const effects = documents.flatMap((document) =>
    statementsOf(document)
      .filter((statement) => applies(statement, request, variablesOf(document, request)))
      .map((statement) => statement.Effect),
  );
  return combine(effects);
}

/**
 * Evaluates a policy with Principal elements. Without a Resource element, as in a trust policy, any resource matches.
 */
export function evaluateResourcePolicy(
  request: AccessRequest,
  document: PolicyDocument,
): ResourcePolicyDecision {
  const matching = statementsOf(document).filter(
    (statement) =>
      appliesToPrincipal(statement, request.principal) &&
      applies(withResource(statement), request, variablesOf(document, request)),
  );
  const decision = combine(matching.map((statement) => statement.Effect));
  const grantee = strongest(
    matching
      .map(({ Principal: element }) => element && granteeOf(element, request.principal))
      .filter((found) => found !== undefined),
  );
  return decision === 'allow' && grantee !== undefined ? { decision, grantee } : { decision };
}

/**
 * AWS's logic within one account: an explicit deny anywhere wins; otherwise the identity policies or the resource
 * policy must allow, and so must the session policies, if there are any.
 */
export function decide(
  request: AccessRequest,
  policies: {
    readonly identity: readonly PolicyDocument[];
    readonly session?: readonly PolicyDocument[];
    readonly resource?: PolicyDocument;
  },
): Decision {
  const own = decideOwn(request, policies.identity, policies.session);
  const resource: ResourcePolicyDecision =
    policies.resource === undefined
      ? { decision: 'implicit-deny' }
      : evaluateResourcePolicy(request, policies.resource);
  if (own.explicitDeny || resource.decision === 'explicit-deny') return 'explicit-deny';
  // A grant to the session's own ARN is not limited by its session policies.
  if (resource.grantee === 'session') return 'allow';
  const granted = resource.grantee === 'principal' || resource.grantee === 'everyone';
  return (own.identityAllows || granted) && own.sessionAllows ? 'allow' : 'implicit-deny';
}

/**
 * Decides whether a role may be assumed (or a source identity set): its trust policy must allow it, and unless that
 * names the caller by ARN, so must the caller's own policies.
 */
export function decideAssumeRole(
  request: AccessRequest,
  policies: {
    readonly identity: readonly PolicyDocument[];
    readonly session?: readonly PolicyDocument[];
    readonly trust: PolicyDocument;
  },
): Decision {
  const own = decideOwn(request, policies.identity, policies.session);
  const trust = evaluateResourcePolicy(request, policies.trust);
  if (own.explicitDeny || trust.decision === 'explicit-deny') return 'explicit-deny';
  if (trust.decision !== 'allow') return 'implicit-deny';
  if (trust.grantee === 'session') return 'allow';
  return (trust.grantee === 'principal' || own.identityAllows) && own.sessionAllows
    ? 'allow'
    : 'implicit-deny';
}

function decideOwn(
  request: AccessRequest,
  identity: readonly PolicyDocument[],
  session: readonly PolicyDocument[] = [],
) {
  const byIdentity = request.principal === undefined ? 'implicit-deny' : evaluate(request, identity);
  const bySession = session.length === 0 ? 'allow' : evaluate(request, session);
  return {
    explicitDeny: byIdentity === 'explicit-deny' || bySession === 'explicit-deny',
    identityAllows: byIdentity === 'allow',
    sessionAllows: bySession === 'allow',
  };
}

function combine(effects: readonly Statement['Effect'][]): Decision {
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allow' : 'implicit-deny';
}

function appliesToPrincipal(statement: Statement, principal: Principal | undefined): boolean {
  if (statement.Principal !== undefined) return granteeOf(statement.Principal, principal) !== undefined;
  if (statement.NotPrincipal === undefined) return false;
  // AWS does not support NotPrincipal with Allow: it would let everyone else in.
  return statement.Effect === 'Deny' && !isExcepted(statement.NotPrincipal, principal);
}

function applies(statement: Statement, request: AccessRequest, variables: Variables): boolean {
  return (
    matchesAction(statement, request.action) &&
    matchesAnyResource(statement, request.resource, variables) &&
    conditionsHold(statement.Condition, variables)
  );
}

function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  const listed = many(Action ?? NotAction, 'actions').some((pattern) =>
    matchesGlob(action.toLowerCase(), [{ text: pattern.toLowerCase(), literal: false }]),
  );
  return Action === undefined ? !listed : listed;
}

function matchesAnyResource({ Resource, NotResource }: Statement, resource: string, variables: Variables) {
  const patterns = many(Resource ?? NotResource, 'resources').map((pattern) => expand(pattern, variables));
  // A statement with an unresolved variable does not match, even under NotResource.
  if (!patterns.every((pieces) => pieces !== undefined)) return false;
  const listed = patterns.some((pieces) => matchesResource(resource, pieces));
  return Resource === undefined ? !listed : listed;
}

function many(values: OneOrMany | undefined, what: string): readonly string[] {
  if (values === undefined) throw new Error(`Policy statement must contain ${what}.`);
  return typeof values === 'string' ? [values] : values;
}

function withResource(statement: Statement): Statement {
  const named = statement.Resource !== undefined || statement.NotResource !== undefined;
  return named ? statement : { ...statement, Resource: '*' };
}

function statementsOf({ Statement: statements }: PolicyDocument): readonly Statement[] {
  return isList(statements) ? statements : [statements];
}

// Array.isArray does not narrow readonly arrays.
function isList(value: Statement | readonly Statement[]): value is readonly Statement[] {
  return Array.isArray(value);
}

function variablesOf({ Version }: PolicyDocument, request: AccessRequest): Variables {
  return { enabled: Version === '2012-10-17', context: request.context };
}
