import type { FunctionError } from '../../lambda/messages.ts';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { RestAnswer, RestInput, RestOperation } from '../protocols/rest-protocol.ts';

/** The functions that can be invoked. */
export interface Functions {
  has(functionName: string): boolean;
  invoke(
    functionName: string,
    event: unknown,
  ): Promise<{ readonly payload: string } | { readonly error: FunctionError }>;
  /** Invokes without waiting, retries after an error, and records a dead letter after the last attempt. */
  invokeAsync(functionName: string, event: unknown): void;
}

const invocationTypes = new Set(['RequestResponse', 'Event', 'DryRun']);

/** Lambda's Invoke. Functions have no version except `$LATEST`, and no policies of their own. */
export function lambdaOperations(functions: Functions): readonly RestOperation[] {
  return [
    {
      service: 'lambda',
      name: 'Invoke',
      method: 'POST',
      path: /^\/2015-03-31\/functions\/(?<name>[^/]+)\/invocations$/,
      prepare(input, { account }) {
        const { functionName, qualifier } = functionOf(input);
        const arn = arnOf(functionName, account);
        const resource = qualifier === undefined ? arn : `${arn}:${qualifier}`;
        return {
          permissions: [{ action: 'lambda:InvokeFunction', resource }],
          run() {
            const unknownVersion = qualifier !== undefined && qualifier !== '$LATEST';
            if (unknownVersion || !functions.has(functionName)) throw functionNotFound(resource);
            return invoke(functions, functionName, input);
          },
        };
      },
    },
  ];
}

/** Parses a name, or a full or partial ARN, with a qualifier at its end or in the query. */
export function functionOf({ path, query }: RestInput) {
  const pattern =
    /^(?:(?:arn:aws:lambda:[a-z0-9-]+:)?\d{12}:(?:function:)?|function:)?([\w-]{1,140})(?::([\w$-]+))?$/;
  const match = pattern.exec(path['name'] ?? '');
  const functionName = match?.[1];
  if (functionName === undefined) {
    throw new AwsError('ValidationException', `The function name ${path['name']} is not valid.`);
  }
  return { functionName, qualifier: match?.[2] ?? query.get('Qualifier') ?? undefined };
}

export function arnOf(functionName: string, { accountId, region }: Account): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
}

export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

async function invoke(functions: Functions, name: string, { header, body }: RestInput): Promise<RestAnswer> {
  const type = header('x-amz-invocation-type') ?? 'RequestResponse';
  if (!invocationTypes.has(type)) {
    throw new AwsError('InvalidParameterValueException', `Unsupported invocation type ${type}`);
  }
  const event = parseEvent(body);
  if (type === 'DryRun') return { status: 204 };
  if (type === 'Event') {
    functions.invokeAsync(name, event);
    return { status: 202 };
  }
  const outcome = await functions.invoke(name, event);
  const headers = { 'x-amz-executed-version': '$LATEST' };
  if ('payload' in outcome) return { status: 200, headers, body: outcome.payload };
  const failed = { ...headers, 'x-amz-function-error': 'Unhandled' };
  return { status: 200, headers: failed, body: JSON.stringify(outcome.error) };
}

function parseEvent(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
