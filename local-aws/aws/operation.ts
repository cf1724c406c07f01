import type { ConditionContext } from '../policy/context.ts';
import type { Principal } from '../principal.ts';
import type { Account } from './account.ts';
import { validationError } from './aws-error.ts';
import { type Parameters, type Query, readParameters, type Values } from './parameters.ts';
import type { QueryService } from './service.ts';
import { resourceTagContext } from './tags.ts';
import type { XmlObject } from './xml.ts';

/** An authenticated request. */
export interface Call {
  readonly account: Account;
  readonly principal: Principal;
  /** Milliseconds of the local AWS's clock. */
  readonly now: number;
  /** The global condition keys of the request. */
  readonly context: ConditionContext;
}

/** An action that the caller's policies must allow. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Additional condition keys. */
  readonly context?: ConditionContext;
}

/** The members of the result element; undefined if the operation has none. */
export type Result = XmlObject | undefined | Promise<XmlObject>;

export interface Definition<Definitions extends Parameters> {
  readonly service: QueryService;
  readonly name: string;
  readonly parameters: Definitions;
  /** All must be allowed before `run`. */
  readonly permissions: (values: Values<Definitions>, call: Call) => readonly Permission[];
  readonly run: (values: Values<Definitions>, call: Call) => Result;
}

/** An operation of a service with the Query protocol. */
export interface Operation {
  readonly service: QueryService;
  readonly name: string;
  /** Reads the parameters and returns what must be allowed before `run`. Throws AWS's error if they are invalid. */
  readonly prepare: (
    query: Query,
    call: Call,
  ) => { readonly permissions: readonly Permission[]; readonly run: () => Result };
}

export function operation<Definitions extends Parameters>(definition: Definition<Definitions>): Operation {
  const { service, name, parameters } = definition;
  return {
    service,
    name,
    prepare(query, call) {
      const values = readParameters(parameters, query);
      const permissions = definition.permissions(values, call);
      return { permissions, run: () => definition.run(values, call) };
    },
  };
}

/**
 * The user that a call is about: the named one, else the caller. Throws ValidationError if the caller is not a user.
 */
export function userNameOr(userName: string | undefined, { principal }: Call): string {
  const name = userName ?? principal.userName;
  if (name === undefined)
    throw validationError('Must specify userName when calling with non-User credentials');
  return name;
}

/** A permission on a user, who need not exist. */
export function onUser(action: string, userName: string, { account }: Call): readonly Permission[] {
  const user = account.users.find(userName);
  const resource = user?.arn ?? account.users.arnOf('/', userName);
  return [{ action, resource, context: resourceTagContext(user?.tags ?? []) }];
}
