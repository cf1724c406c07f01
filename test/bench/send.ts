import type { Answer } from '../support/http.ts';
import type { SigningKeys } from '../support/sign.ts';

/** Sends a request and records its upstream calls under the name of an operation. */
export type Send = (
  operation: string,
  who: string | SigningKeys,
  request: readonly [
    method: string,
    target: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ],
) => Promise<Answer>;
