const ofRequest = [
  'requestId',
  'extendedRequestId',
  'requestTimeEpoch',
  'apiId',
  'stage',
  'httpMethod',
  'path',
  'resourcePath',
  'identity.sourceIp',
] as const;
const ofError = ['error.message', 'error.messageString', 'error.responseType'] as const;

/** What every mapping may use as `$context.…`, by name. */
export type RequestContext = Readonly<Record<(typeof ofRequest)[number], string>>;

/** What gateway responses may use. */
export type Context = RequestContext & Readonly<Record<(typeof ofError)[number], string>>;

/** The values of a stage's variables, by name. */
export type StageVariables = Readonly<Record<string, string>>;

/** The text of one response, once its request is known. */
export type Rendering = (context: Context) => string;

const variable = /\$(context|stageVariables)\.(\w+(?:\.\w+)*)/g;

/**
 * A template without VTL, in which API Gateway only replaces variables. Throws on a variable that does not exist, and on
 * anything that would need VTL. Source: "Set up gateway responses to customize error responses", API Gateway guide.
 */
export function substitution(template: string, variables: StageVariables): Rendering {
  const values = [...template.matchAll(variable)].map(([, source = '', name = '']) =>
    variableValue(source, name, variables),
  );
  const texts = template.split(new RegExp(variable.source.replaceAll(/\((?!\?)/g, '(?:')));
  const unknown = texts.find((text) => /\$|#(set|if|foreach)\b/.test(text));
  if (unknown !== undefined) throw new Error(`gateway responses have no VTL: ${unknown}`);
  return (context) => texts.map((text, index) => `${text}${values[index]?.(context) ?? ''}`).join('');
}

/** A header's value: static in single quotes, or one variable. */
export function headerValue(expression: string, variables: StageVariables): Rendering {
  if (expression.startsWith("'")) {
    const fixed = staticValue(expression);
    return () => fixed;
  }
  const [, source, name] = /^(context|stageVariables)\.(.+)$/.exec(expression) ?? [];
  if (source === undefined || name === undefined) throw new Error(`${expression} is not supported`);
  return variableValue(source, name, variables);
}

/** The value of a header that is always the same: text in single quotes. Throws on any other expression. */
export function staticValue(expression: string): string {
  const fixed = /^'([^']*)'$/.exec(expression)?.[1];
  if (fixed === undefined) throw new Error(`${expression} is not static text in single quotes`);
  return fixed;
}

function variableValue(source: string, name: string, variables: StageVariables): Rendering {
  if (source === 'stageVariables') {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new Error(`the stage has no variable "${name}"`);
    return () => value;
  }
  const known = [...ofRequest, ...ofError].find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`$context.${name} is not supported`);
  return (context) => context[known];
}
