import type { OneOrMany, Principal, PrincipalElement } from '../principal.ts';

/**
 * How a Principal element names a caller, strongest first: by the ARN of the role session, by the ARN of the user or
 * role, as anyone (`*`), or only by the account, which leaves the decision to the caller's own policies.
 */
export type Grantee = 'session' | 'principal' | 'everyone' | 'account';

const strongestFirst: readonly Grantee[] = ['session', 'principal', 'everyone', 'account'];

/** The strongest of the grants; undefined if there are none. */
export function strongest(grantees: readonly Grantee[]): Grantee | undefined {
  return strongestFirst.find((grantee) => grantees.includes(grantee));
}

/** How the element names the caller; undefined if it does not. Only `*` names an anonymous caller. */
export function granteeOf(element: PrincipalElement, principal: Principal | undefined): Grantee | undefined {
  return strongest(granteesOf(element, principal));
}

/**
 * Whether a NotPrincipal element excepts the caller. AWS checks the account and then the user or role, so both must be
 * listed.
 */
export function isExcepted(element: PrincipalElement, principal: Principal | undefined): boolean {
  const grantees = granteesOf(element, principal);
  const named = grantees.includes('session') || grantees.includes('principal');
  return grantees.includes('everyone') || (named && grantees.includes('account'));
}

// Service, Federated and CanonicalUser name no caller that signs with the access key of a user or role.
function granteesOf(element: PrincipalElement, principal: Principal | undefined): readonly Grantee[] {
  if (element === '*') return ['everyone'];
  return many(element['AWS'] ?? [])
    .map((name) => (name === '*' ? 'everyone' : principal && nameOf(name, principal)))
    .filter((grantee) => grantee !== undefined);
}

function nameOf(name: string, principal: Principal): Grantee | undefined {
  if (name === principal.arn) return principal.type === 'assumed-role' ? 'session' : 'principal';
  if (name === principal.roleArn) return 'principal';
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === principal.accountId ? 'account' : undefined;
}

function many(values: OneOrMany): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}
