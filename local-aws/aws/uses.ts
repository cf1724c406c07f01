import { type ConditionContext, contextValues } from '../policy/context.ts';
import type { AccessRequest } from '../policy/evaluate.ts';
import type { PolicyDocument } from '../principal.ts';

/** A request that was allowed to a session of a role, by what the role's policies can tell of it. */
export interface Use {
  readonly role: string;
  /** The role that this one's session was assumed from, if any. */
  readonly from: string | undefined;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

/** What roles used of their rights, each kind of request once. Unlike the trail, it outlives resets. */
export class Uses {
  readonly #seen = new Map<string, Use>();

  /** Notes an allowed request, with the condition keys that the caller's policies name. Users' are not of interest. */
  note({ action, resource, principal, context }: AccessRequest, policies: readonly PolicyDocument[]): void {
    if (principal?.type !== 'assumed-role') return;
    const { origin } = principal.session ?? {};
    const use: Use = {
      role: roleIn(principal.arn),
      from: origin === undefined ? undefined : roleIn(origin),
      action,
      resource,
      context: Object.fromEntries(
        [...keysIn(policies)].flatMap((key) => {
          const values = contextValues(context, key);
          return values === undefined ? [] : [[key, kindsOf(values)]];
        }),
      ),
    };
    const kind = JSON.stringify({ ...use, resource: kindOf(resource) });
    if (!this.#seen.has(kind)) this.#seen.set(kind, use);
  }

  all(): readonly Use[] {
    return [...this.#seen.values()];
  }
}

const keysIn = (policies: readonly PolicyDocument[]): ReadonlySet<string> =>
  new Set(
    policies
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Condition }) =>
        Object.values(Condition ?? {}).flatMap((operator) => Object.keys(operator)),
      ),
  );

/** The role's name in the ARN of a session. */
const roleIn = (arn: string): string => arn.split('/')[1] ?? '';

/** Users and devices are alike but for the first part of their path, below which roles may have rights. */
const kindOf = (resource: string): string =>
  resource.startsWith('arn:aws:iam:') ? resource.replace(/^([^/]*\/[^/]*)\/.*$/, '$1/') : resource;

/** Of the keys of items, their prefix. */
const kindsOf = (values: readonly string[]): readonly string[] =>
  values.map((value) => value.replace(/#.*$/, '#'));
