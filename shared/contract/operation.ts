import type * as z from 'zod/mini';
import type { IamAction } from './iam-actions.ts';
import type { ProblemCode } from './problem.ts';
import type { TableRights } from './table.ts';

/** What a caller must present: nothing, their identity, or a recent session with MFA. */
export type Gate = 'anonymous' | 'identity' | 'second-factor';

/** Who an operation is for. The managed policy of that name allows its holders to call it. */
export type Audience = 'anyone' | 'self-service' | 'recovery-agent' | 'recovery-approver' | 'auditor';

type AnyObject = z.ZodMiniObject;

/** The name of a change in the audit log. */
export type AuditAction =
  | 'start-enrolment'
  | 'finish-enrolment'
  | 'deactivate-device'
  | 'delete-device'
  | 'resync-device'
  | 'resync-with-access-key'
  | 'label-device'
  | 'tag-device'
  | 'untag-device'
  | 'issue-session'
  | 'delete-expired-enrolment'
  | 'end-expiry'
  | 'request-recovery'
  | 'approve-recovery'
  | 'deny-recovery'
  | 'cancel-recovery'
  | 'object-to-recovery'
  | 'expire-recovery'
  | 'execute-recovery'
  | 'end-revocation'
  | 'reconcile-hold'
  | 'issue-enrolment-pass';

/** A representation other than JSON. */
export type MediaType = 'image/png' | 'image/svg+xml' | 'text/csv' | 'text/html' | 'text/plain';

/**
 * One operation of the API. Validation, routes, the OpenAPI document, session policies and the gateway's resource
 * policy all derive from it.
 */
export interface Operation<
  Path extends AnyObject = AnyObject,
  Query extends AnyObject = AnyObject,
  Body extends z.ZodMiniType = z.ZodMiniType,
  Output extends z.ZodMiniType = z.ZodMiniType,
> {
  /** Kebab-case; also the file name of its contract and its function. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/…` with parameters in braces, as in OpenAPI; `/` for the portal. */
  readonly path: '/' | `/v1/${string}`;
  readonly gate: Gate;
  readonly audience: readonly Audience[];
  /**
   * Every IAM action that the operation may call; it is granted no other. It calls them for its caller with the device
   * role – the one that only reads, if that is all it does – or, outside self-service, for the user named in the
   * request with the audit role.
   */
  readonly actions: readonly IamAction[];
  readonly table: TableRights;
  /** Set where the operation changes something or issues credentials: each call is logged for the audit. */
  readonly audit?: AuditAction;
  readonly summary: string;
  readonly description: string;
  readonly input: { readonly path: Path; readonly query: Query; readonly body: Body };
  readonly status: 200 | 201 | 204;
  /** Set for a creation that returns the existing resource when the request is repeated. */
  readonly repeatStatus?: 200;
  readonly output: Output;
  /** Media types that `Accept` can select instead of JSON; without an output, the only ones. */
  readonly media: readonly MediaType[];
  /** Problems of its own, beyond those that follow from its gate, method and actions. */
  readonly problems: readonly ProblemCode[];
}

export type Input<O> =
  O extends Operation<infer P, infer Q, infer B>
    ? { path: z.output<P>; query: z.output<Q>; body: z.output<B> }
    : never;

export type Output<O> = O extends Operation<infer _P, infer _Q, infer _B, infer R> ? z.input<R> : never;

/** Infers the exact types of an operation's schemas. */
export function defineOperation<
  Path extends AnyObject,
  Query extends AnyObject,
  Body extends z.ZodMiniType,
  Out extends z.ZodMiniType,
>(operation: Operation<Path, Query, Body, Out>): Operation<Path, Query, Body, Out> {
  return operation;
}
