import type { IncomingMessage } from 'node:http';
import type { AwsError } from '../aws-error.ts';
import type { Call, Permission } from '../operation.ts';
import type { Service } from '../service.ts';

/** A request as it came, and the id that its answer will carry. */
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

/** An operation that a request asks for. */
export interface Target {
  readonly service: Service;
  readonly name: string;
  /** Reads the parameters and says what must be allowed before `run`. Throws what AWS finds wrong with them. */
  readonly prepare: (call: Call) => Prepared<Reply>;
}

export interface Prepared<Result> {
  readonly permissions: readonly Permission[];
  readonly run: () => Result | Promise<Result>;
}

/** How requests of some services are read, and answered. */
export interface Protocol {
  /** Throws the AwsError of an operation that there is not. */
  readonly find: (received: Received) => Target;
  /** @param service undefined when the request named no operation of any */
  readonly failure: (
    failure: Pick<AwsError, 'code' | 'message' | 'status'>,
    service: Service | undefined,
    requestId: string,
  ) => Reply;
  /** A 200 that no client can read. */
  readonly malformed: (requestId: string) => Reply;
}
