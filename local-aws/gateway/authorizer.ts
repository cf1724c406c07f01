import { expandResources } from '../../infra/policies/expand-resources.ts';
import { conditionContext } from '../policy/context.ts';
import { decide } from '../policy/evaluate.ts';
import type { Credentials, PolicyDocument, Principal } from '../principal.ts';
import { verifySignature } from '../sigv4/verify.ts';
import { type GatewayRequest, headerOf, pathOf, queryOf } from './request.ts';

/** API Gateway's names for the reasons to refuse a request. */
export type Refusal =
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'INVALID_SIGNATURE'
  | 'EXPIRED_TOKEN'
  | 'ACCESS_DENIED';

export interface AuthorizerOptions {
  readonly credentials: Credentials;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  /** With resources in short form, as deployed; without one, only identity policies decide. */
  readonly resourcePolicy?: PolicyDocument;
}

/** Models API Gateway's `AWS_IAM` authorization. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #resourcePolicy: PolicyDocument | undefined;
  /** `arn:aws:execute-api:region:account:api-id`. */
  readonly #apiArn: string;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
    this.#apiArn = `arn:aws:execute-api:${options.region}:${options.accountId}:${options.apiId}`;
    const { resourcePolicy } = options;
    this.#resourcePolicy = resourcePolicy && expandResources(resourcePolicy, this.#apiArn);
  }

  /** The principal that signed the request, or why the request is refused. */
  authenticate(request: GatewayRequest): { readonly principal: Principal } | { readonly refusal: Refusal } {
    if (!isSigned(request)) return { refusal: 'MISSING_AUTHENTICATION_TOKEN' };
    const { credentials, region } = this.#options;
    const result = verifySignature(
      { ...request, headers: headersByName(request) },
      { credentials, services: ['execute-api'], region, now: Date.now() },
    );
    return 'error' in result ? { refusal: refusalOf(result.error.code) } : { principal: result.principal };
  }

  /**
   * Whether the principal (undefined: anonymous) may send the request. The resource is the path as sent, neither
   * decoded nor normalised, and the method as sent: what API Gateway makes of them is not documented, so the local one
   * takes the most permissive reading.
   */
  allows(request: GatewayRequest, principal: Principal | undefined, now: number): boolean {
    if (principal === undefined && this.#resourcePolicy === undefined) return true;
    const path = pathOf(request.target).replace(/^\//, '');
    const userAgent = headerOf(request, 'user-agent');
    const session = principal?.session?.policies;
    const decision = decide(
      {
        action: 'execute-api:Invoke',
        resource: `${this.#apiArn}/${this.#options.stage}/${request.method}/${path}`,
        principal,
        context: conditionContext(principal, {
          now,
          sourceIp: request.sourceIp,
          ...(userAgent === undefined ? {} : { userAgent }),
          // The deployed gateway accepts only TLS.
          secureTransport: true,
        }),
      },
      {
        identity: principal === undefined ? [] : this.#options.credentials.identityPoliciesOf(principal),
        ...(session === undefined ? {} : { session }),
        ...(this.#resourcePolicy && { resource: this.#resourcePolicy }),
      },
    );
    return decision === 'allow';
  }
}

/** All values of each header, by lower-case name. */
function headersByName({ headers }: GatewayRequest): Readonly<Record<string, readonly string[]>> {
  const groups = Map.groupBy(headers, ([name]) => name.toLowerCase());
  return Object.fromEntries([...groups].map(([name, lines]) => [name, lines.map(([, value]) => value)]));
}

function isSigned(request: GatewayRequest): boolean {
  return (
    headerOf(request, 'authorization') !== undefined ||
    new URLSearchParams(queryOf(request.target)).has('X-Amz-Signature')
  );
}

function refusalOf(code: string): Refusal {
  if (code.startsWith('ExpiredToken')) return 'EXPIRED_TOKEN';
  if (code.startsWith('MissingAuthenticationToken')) return 'MISSING_AUTHENTICATION_TOKEN';
  return 'INVALID_SIGNATURE';
}
