import type * as z from 'zod/mini';
import type { IamAction } from './iam-actions.ts';
import type { ProblemCode } from './problem.ts';
import type { TableItem } from './table.ts';

/** What a caller must show: nothing, who he is, or a recent session with MFA. */
export type Gate = 'anonymous' | 'identity' | 'second-factor';

/** For whom an operation is: the managed policy of that name lets its holders call it. */
export type Audience = 'anyone' | 'self-service' | 'recovery-agent' | 'recovery-approver' | 'auditor';

type AnyObject = z.ZodMiniObject;

/** What the audit log calls a change. */
export type AuditAction =
  | 'start-enrolment'
  | 'finish-enrolment'
  | 'deactivate-device'
  | 'delete-device'
  | 'resync-device'
  | 'label-device'
  | 'tag-device'
  | 'untag-device'
  | 'issue-session'
  | 'delete-expired-enrolment'
  | 'request-recovery'
  | 'approve-recovery'
  | 'deny-recovery'
  | 'cancel-recovery'
  | 'object-to-recovery'
  | 'expire-recovery'
  | 'execute-recovery'
  | 'end-revocation'
  | 'issue-enrolment-pass';

/** A representation other than JSON. */
export type MediaType = 'image/png' | 'image/svg+xml' | 'text/csv' | 'text/html' | 'text/plain';

/**
 * One operation of the API. Checks of input and output, routes, the OpenAPI document, session policies and
 * the gateway's resource policy are all made from this.
 */
export interface Operation<
  Path extends AnyObject = AnyObject,
  Query extends AnyObject = AnyObject,
  Body extends z.ZodMiniType = z.ZodMiniType,
  Output extends z.ZodMiniType = z.ZodMiniType,
> {
  /** Kebab-case; also the name of the contract's, the function's and the use case's file. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/…` with parameters in braces, as in OpenAPI; the page's is the root. */
  readonly path: '/' | `/v1/${string}`;
  readonly gate: Gate;
  readonly audience: readonly Audience[];
  /**
   * Every IAM action that the operation may call: for its caller with the device role, or, where it is not for
   * self-service, for the user whom the request names with the audit role. Nothing else is granted to it.
   */
  readonly actions: readonly IamAction[];
  /** The items of the table that it reads or writes. */
  readonly table: readonly TableItem[];
  /** The items that it reads and must not be able to write. */
  readonly readsTable?: readonly TableItem[];
  /** Of every operation that changes something, or hands out credentials: each is told in the audit log. */
  readonly audit?: AuditAction;
  readonly summary: string;
  readonly description: string;
  readonly input: { readonly path: Path; readonly query: Query; readonly body: Body };
  readonly status: 200 | 201 | 204;
  /** Of a creation that answers a repeated request with what it created at the first. */
  readonly repeatStatus?: 200;
  readonly output: Output;
  /** Media types that may be had instead of JSON by `Accept`, or are all there is where there is no output. */
  readonly media: readonly MediaType[];
  /** Problems of its own, beyond those that every operation has. */
  readonly problems: readonly ProblemCode[];
}

export type Input<O> =
  O extends Operation<infer P, infer Q, infer B>
    ? { path: z.output<P>; query: z.output<Q>; body: z.output<B> }
    : never;

export type Output<O> = O extends Operation<infer _P, infer _Q, infer _B, infer R> ? z.input<R> : never;

/** Keeps the exact types of an operation's schemas. */
export function defineOperation<
  Path extends AnyObject,
  Query extends AnyObject,
  Body extends z.ZodMiniType,
  Out extends z.ZodMiniType,
>(operation: Operation<Path, Query, Body, Out>): Operation<Path, Query, Body, Out> {
  return operation;
}
