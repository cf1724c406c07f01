import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Input, Operation, Output } from '../contract/operation.ts';
import { Problem } from '../contract/problem.ts';
import { withDeadline } from '../lambda/deadline.ts';
import type { SignedWebhook } from '../ticketing/signature.ts';
import { type AnonymousCall, answering } from './endpoint.ts';
import { parseInput } from './input.ts';

/** Larger than for other operations, since tickets are long. */
const maximumBodyBytes = 256 * 1024;

/** A webhook whose sender is not verified yet. */
export interface Webhook<O> extends SignedWebhook {
  /** A path parameter, unchecked. */
  parameter(name: string): string;
  /** Parses the input by the contract; only for use after the signature was verified. Throws `validation-failed`. */
  input(): Input<O>;
}

/** A Lambda handler for an operation whose callers sign the body in their own way. */
export function webhookEndpoint<O extends Operation>(
  operation: O,
  handle: (webhook: Webhook<O>, call: AnonymousCall) => Promise<Output<O>>,
) {
  if (operation.gate !== 'anonymous') throw new Error(`${operation.name} takes AWS signatures only`);
  return answering(operation, async (event, context) => {
    const webhook = webhookOf(event, operation);
    return withDeadline(context, ({ signal, millisLeft }) =>
      handle(webhook, { operation, signal, remainingMillis: millisLeft(), media: undefined }),
    );
  });
}

function webhookOf<O extends Operation>(event: APIGatewayProxyEvent, operation: O): Webhook<O> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > maximumBodyBytes) {
    throw new Problem('body-too-large', `The body may have at most ${maximumBodyBytes} bytes.`);
  }
  return {
    body,
    header: (name) => onlyHeader(event, name),
    parameter: (name) => event.pathParameters?.[name] ?? '',
    input: () => parseInput(event, operation, maximumBodyBytes),
  };
}

/** The value of a header that is present exactly once; duplicates are ambiguous. */
function onlyHeader(event: APIGatewayProxyEvent, name: string): string | undefined {
  const values = Object.entries(event.multiValueHeaders)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, all = []]) => all);
  return values.length === 1 ? values[0] : undefined;
}
