import type { IncomingMessage } from 'node:http';
import type { AwsError } from '../aws-error.ts';
import type { Call, Permission } from '../operation.ts';
import type { Service } from '../service.ts';

/** A request as received, and the id for its response. */
export interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The operation that a request calls. */
export interface Target {
  readonly service: Service;
  readonly name: string;
  /** Whether the call leaves the account as it was. Events, mails and secrets are no part of the account. */
  readonly readOnly: boolean;
  /** What the trail shows of the request. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Reads the parameters and returns what must be allowed before `run`. Throws AWS's error if they are invalid. */
  readonly prepare: (call: Call) => Prepared<Reply>;
}

export interface Prepared<Result> {
  readonly permissions: readonly Permission[];
  /** Makes any change before it first waits. */
  readonly run: () => Result | Promise<Result>;
}

/** How a protocol reads requests and writes responses. */
export interface Protocol {
  /** Throws the protocol's AwsError for an unknown operation. */
  readonly find: (received: Received) => Target;
  /** @param service undefined if the operation is unknown */
  readonly failure: (
    failure: Pick<AwsError, 'code' | 'message' | 'status'>,
    service: Service | undefined,
    requestId: string,
  ) => Reply;
  /** A 200 with a body that no client can parse. */
  readonly malformed: (requestId: string) => Reply;
}
