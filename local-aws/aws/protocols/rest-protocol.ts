import { AwsError } from '../aws-error.ts';
import type { Call } from '../operation.ts';
import type { Service } from '../service.ts';
import { named } from './json-errors.ts';
import type { Prepared, Protocol, Received, Reply } from './protocol.ts';

/** The input of a REST operation. */
export interface RestInput {
  /** The named groups of the route's path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The whole path, as sent. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** The value of a header that was sent once. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

/** An operation selected by method and path. */
export interface RestOperation {
  readonly service: Service;
  readonly name: string;
  readonly method: string;
  /** Matches the whole path, still percent-encoded. */
  readonly path: RegExp;
  readonly prepare: (input: RestInput, call: Call) => Prepared<RestAnswer>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty by default. */
  readonly body?: string;
}

/** REST with JSON, as in Lambda and SES v2. */
export function restProtocol(operations: readonly RestOperation[]): Protocol {
  return {
    find({ request, body, requestId }) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const found = operations.find(({ method, path }) => method === request.method && path.test(pathname));
      if (found === undefined) throw new AwsError('UnknownOperationException', '', 404);
      const { service, name, path } = found;
      const input = {
        path: decoded(path.exec(pathname)?.groups ?? {}),
        pathname,
        query: searchParams,
        header: headerOf(request),
        body,
      };
      return {
        service,
        name,
        readOnly: true,
        parameters: {},
        prepare(call) {
          const { permissions, run } = found.prepare(input, call);
          return { permissions, run: async () => reply(requestId, await run()) };
        },
      };
    },
    failure(failure, _service, requestId) {
      const { code, message, status } = named(failure);
      const headers = { 'x-amzn-errortype': code };
      return reply(requestId, { status, headers, body: JSON.stringify({ message }) });
    },
    malformed: (requestId) => reply(requestId, { status: 200, body: 'not JSON' }),
  };
}

function headerOf({ headers }: Received['request']): RestInput['header'] {
  return (name) => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    throw new AwsError('UnknownOperationException', '', 404);
  }
}

function reply(requestId: string, { status, headers, body = '' }: RestAnswer): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
    body,
  };
}
