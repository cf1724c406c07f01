import type { RequestContext, StageVariables } from './mapping.ts';
import { type GatewayRequest, queryOf } from './request.ts';

/** What a mapping template may read. */
export interface MappingInput {
  readonly request: GatewayRequest;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly context: RequestContext;
  readonly stageVariables: StageVariables;
}

/** The text of a mapping template, and what it set in `$context.responseOverride`. */
export interface Mapped {
  readonly text: string;
  readonly status: number | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

interface MethodCall {
  readonly property: string;
  readonly context: unknown;
  readonly params: readonly unknown[];
}

/** Evaluates a mapping template (VTL). Throws if it calls a method that Java or API Gateway lacks. */
export async function evaluateMapping(template: string, input: MappingInput): Promise<Mapped> {
  // Only preflights need it: a start does not wait for it.
  const { Compile, parse } = await import('velocityjs');
  const responseOverride: { status?: unknown; header: Record<string, unknown> } = { header: {} };
  const $input = Object.freeze({});
  const calls = {
    uid: 'methods',
    match: () => true,
    resolve: (call: MethodCall) => called(call, $input, input),
  };
  const text = new Compile(parse(template), { escape: false, customMethodHandlers: [calls] }).render({
    input: $input,
    context: { ...nested(input.context), responseOverride },
    stageVariables: { ...input.stageVariables },
  });
  return {
    text,
    status: responseOverride.status === undefined ? undefined : Number(responseOverride.status),
    headers: Object.entries(responseOverride.header).map(([name, value]) => [name, String(value)]),
  };
}

/** The engine would offer JavaScript's methods too, which a deployed template does not have. */
function called({ property, context, params }: MethodCall, $input: object, input: MappingInput): unknown {
  const [argument] = params;
  if (typeof argument === 'string') {
    if (context === $input && property === 'params') return parameter(argument, input);
    if (typeof context === 'string' && property === 'contains') return context.includes(argument);
  }
  throw new Error(`A mapping template calls ${property}(), which is not supported`);
}

/**
 * A parameter from path, query or headers, in this order; empty if there is none. Names are case-sensitive.
 * Source: "Mapping template variables", API Gateway guide.
 */
function parameter(name: string, { request, pathParameters }: MappingInput): string {
  const query = new URLSearchParams(queryOf(request.target));
  const header = request.headers.findLast(([sent]) => sent === name)?.[1];
  return pathParameters[name] ?? query.getAll(name).at(-1) ?? header ?? '';
}

/** `identity.sourceIp` as a member of `identity`. */
function nested(context: RequestContext): Record<string, unknown> {
  const { 'identity.sourceIp': sourceIp, ...flat } = context;
  return { ...flat, identity: { sourceIp } };
}
