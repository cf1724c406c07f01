import type { Principal, SessionContext } from '../principal.ts';

/** What conditions and policy variables see of a request. Keys are case-insensitive. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

export interface RequestFacts {
  /** Milliseconds of the local AWS's clock. */
  readonly now: number;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  readonly secureTransport?: boolean;
}

/** The values of a key; undefined if the request does not have it (an empty list counts as absent). */
export function contextValues(context: ConditionContext, key: string): readonly string[] | undefined {
  const name = Object.hasOwn(context, key) ? key : nameIgnoringCase(context, key);
  const value = name === undefined ? undefined : context[name];
  if (value === undefined) return undefined;
  const values = typeof value === 'string' ? [value] : value;
  return values.length === 0 ? undefined : values;
}

function nameIgnoringCase(context: ConditionContext, key: string): string | undefined {
  const wanted = key.toLowerCase();
  return Object.keys(context).find((name) => name.toLowerCase() === wanted);
}

/** The global condition keys (`aws:…`) of a request, each present when the IAM user guide says so. */
export function conditionContext(principal: Principal | undefined, request: RequestFacts): ConditionContext {
  return {
    'aws:CurrentTime': isoSeconds(request.now),
    'aws:EpochTime': String(Math.floor(request.now / 1000)),
    'aws:SecureTransport': String(request.secureTransport ?? false),
    ...(request.sourceIp !== undefined && { 'aws:SourceIp': request.sourceIp }),
    ...(request.userAgent !== undefined && { 'aws:UserAgent': request.userAgent }),
    ...(principal === undefined ? anonymousKeys : principalKeys(principal)),
    ...(principal?.session !== undefined && sessionKeys(principal.session, request.now)),
  };
}

const anonymousKeys: ConditionContext = { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' };

const principalTypes = {
  user: 'User',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
  root: 'Account',
} as const;

function principalKeys(principal: Principal): ConditionContext {
  return {
    'aws:PrincipalType': principalTypes[principal.type],
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalArn': principal.roleArn ?? principal.arn,
    'aws:userid': principal.userId,
    ...(principal.userName !== undefined && { 'aws:username': principal.userName }),
  };
}

// Long-term keys have none of these, which is why gates need IfExists operators.
function sessionKeys(session: SessionContext, now: number): ConditionContext {
  return {
    'aws:TokenIssueTime': isoSeconds(session.issuedAt),
    'aws:MultiFactorAuthPresent': String(session.mfaAt !== undefined),
    ...(session.mfaAt !== undefined && {
      'aws:MultiFactorAuthAge': String(Math.max(0, Math.floor((now - session.mfaAt) / 1000))),
    }),
    ...(session.sourceIdentity !== undefined && { 'aws:SourceIdentity': session.sourceIdentity }),
  };
}

function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
