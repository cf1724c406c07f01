import { type AccessRequest, decide } from '../policy/evaluate.ts';
import type { PolicyDocument } from '../principal.ts';
import { type AwsError, accessDenied } from './aws-error.ts';
import type { Call, Permission } from './operation.ts';

/** Throws AccessDenied, in AWS's words, unless the caller's policies allow every permission. */
export function authorize(permissions: readonly Permission[], call: Call): void {
  const identity = call.account.identityPoliciesOf(call.principal);
  const session = call.principal.session?.policies ?? [];
  for (const permission of permissions) {
    const request = accessRequest(permission, call);
    if (decide(request, { identity, session }) !== 'allow') throw denial(request, { identity, session });
    call.account.uses.note(request, identity);
  }
}

export function accessRequest({ action, resource, context }: Permission, call: Call): AccessRequest {
  return { action, resource, principal: call.principal, context: { ...call.context, ...context } };
}

function denial(
  request: AccessRequest,
  policies: { readonly identity: readonly PolicyDocument[]; readonly session: readonly PolicyDocument[] },
): AwsError {
  const { action } = request;
  const byIdentity = decide(request, { identity: policies.identity });
  if (byIdentity === 'explicit-deny')
    return notAuthorized(request, 'with an explicit deny in an identity-based policy');
  // Evaluated alone, as identity policies, the session policies show which of the two kinds denies.
  const bySession = decide(request, { identity: policies.session });
  if (policies.session.length > 0 && bySession === 'explicit-deny') {
    return notAuthorized(request, 'with an explicit deny in a session policy');
  }
  const kind = byIdentity === 'allow' ? 'session' : 'identity-based';
  return notAuthorized(request, `because no ${kind} policy allows the ${action} action`);
}

/** @param reason the end of AWS's sentence, after the resource */
export function notAuthorized({ principal, action, resource }: AccessRequest, reason?: string): AwsError {
  const sentence = `User: ${principal?.arn ?? 'anonymous'} is not authorized to perform: ${action} on resource: ${resource}`;
  return accessDenied(reason === undefined ? sentence : `${sentence} ${reason}`);
}
