import { AwsError } from '../aws-error.ts';
import { readJson } from '../json-input.ts';
import type { Call } from '../operation.ts';
import type { Service } from '../service.ts';
import { named } from './json-errors.ts';
import type { Prepared, Protocol, Reply } from './protocol.ts';

/** An operation selected by the header X-Amz-Target. */
export interface JsonOperation {
  readonly service: Service;
  /** The part of X-Amz-Target before the operation's name. */
  readonly targetPrefix: string;
  readonly name: string;
  /** @param input the parsed body */
  readonly prepare: (input: unknown, call: Call) => Prepared<object>;
}

/** AWS JSON 1.1: everything in the body, at the path `/`. */
export function jsonProtocol(operations: readonly JsonOperation[]): Protocol {
  const byTarget = new Map(
    operations.map((operation) => [`${operation.targetPrefix}.${operation.name}`, operation]),
  );
  return {
    find({ request, body, requestId }) {
      const operation = byTarget.get(String(request.headers['x-amz-target']));
      if (operation === undefined) throw new AwsError('UnknownOperationException', '');
      const { service, name } = operation;
      return {
        service,
        name,
        readOnly: true,
        parameters: {},
        prepare(call) {
          const { permissions, run } = operation.prepare(readJson(body), call);
          return { permissions, run: async () => reply(requestId, 200, await run()) };
        },
      };
    },
    failure(failure, _service, requestId) {
      const { code, message, status } = named(failure);
      // These services answer refusals with 400 too.
      return reply(requestId, status === 403 ? 400 : status, { __type: code, message });
    },
    malformed: (requestId) => ({ ...reply(requestId, 200, {}), body: 'not JSON' }),
  };
}

function reply(requestId: string, status: number, json: object): Reply {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
  return { status, headers, body: JSON.stringify(json) };
}
