import { TemplateError } from './template-error.ts';

/** What intrinsic functions can refer to. Each throws a TemplateError for a name that it does not know. */
export interface Scope {
  /** The value of a parameter, pseudo parameter or resource. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly condition: (name: string) => boolean;
}

/** What `AWS::NoValue` stands for: the property or array element that has it is left out. */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.ref(literal(name, 'Ref')),
  'Fn::GetAtt': (argument, scope) => scope.attribute(...attributeOf(argument)),
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = argumentsOf('Fn::If', argument, 3);
    return evaluate(scope.condition(literal(name, 'Fn::If')) ? then : otherwise, scope);
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, values] = argumentsOf('Fn::Join', argument, 2);
    return list(evaluate(values, scope), 'Fn::Join')
      .map((value) => text(value, 'Fn::Join'))
      .join(literal(delimiter, 'Fn::Join'));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = argumentsOf('Fn::Select', argument, 2);
    const position = text(evaluate(index, scope), 'Fn::Select');
    const selected = /^\d+$/.test(position)
      ? list(evaluate(values, scope), 'Fn::Select')[Number(position)]
      : undefined;
    if (selected !== undefined) return selected;
    throw new TemplateError(
      `Template error: Fn::Select cannot select nonexistent value at index ${position}`,
    );
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, value] = argumentsOf('Fn::Split', argument, 2);
    return text(evaluate(value, scope), 'Fn::Split').split(literal(delimiter, 'Fn::Split'));
  },
  'Fn::Sub': substitute,
};

/** The value with its intrinsic functions replaced by their results. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const call = intrinsicIn(value);
  if (call !== undefined) return call.intrinsic(call.argument, scope);
  const evaluated = Object.entries(value).map(([key, own]) => [key, evaluate(own, scope)] as const);
  return Object.fromEntries(evaluated.filter(([, own]) => own !== noValue));
}

function intrinsicIn(
  value: object,
): { readonly intrinsic: Intrinsic; readonly argument: unknown } | undefined {
  const name = intrinsicName(value);
  if (name === undefined) return undefined;
  const intrinsic = intrinsics[name];
  if (intrinsic === undefined) throw new TemplateError(`Template error: unknown intrinsic function ${name}`);
  return { intrinsic, argument: Object.entries(value)[0]?.[1] };
}

/** The name of the function that an object calls, if it calls one. */
export function intrinsicName(value: object): string | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined || keys.length === 1) return name;
  throw new TemplateError(`Template error: ${name} must be the only key of its object`);
}

/** The logical id and attribute of a `Fn::GetAtt`, which is a pair or dotted. */
export function attributeOf(argument: unknown): [logicalId: string, attribute: string] {
  const [logicalId, ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
  if (attribute.length > 0) return [literal(logicalId, 'Fn::GetAtt'), attribute.join('.')];
  throw new TemplateError('Template error: Fn::GetAtt needs a logical id and an attribute');
}

/** A name in braces; with an exclamation mark, the braces themselves are meant. */
const variable = /\$\{(!?)([^}]*)\}/g;
const variableName = /^[A-Za-z0-9]+(?:::[A-Za-z0-9]+)*(?:\.[A-Za-z0-9.]+)?$/;

/** The names in a `Fn::Sub`'s text, except those that its own map defines. */
export function variablesOf(argument: unknown): readonly string[] {
  const [pattern, own] = partsOfSub(argument);
  return [...pattern.matchAll(variable)].flatMap(([, escaped, name = '']) =>
    escaped || Object.hasOwn(own, name) ? [] : [name],
  );
}

function substitute(argument: unknown, scope: Scope): string {
  const [pattern, own] = partsOfSub(argument);
  return pattern.replace(variable, (_all, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    if (Object.hasOwn(own, name)) return text(evaluate(own[name], scope), 'Fn::Sub');
    if (!variableName.test(name))
      throw new TemplateError(`Template error: Fn::Sub cannot resolve \${${name}}`);
    return text(name.includes('.') ? scope.attribute(...attributeOf(name)) : scope.ref(name), 'Fn::Sub');
  });
}

function partsOfSub(argument: unknown): [pattern: string, own: Readonly<Record<string, unknown>>] {
  if (!Array.isArray(argument)) return [literal(argument, 'Fn::Sub'), {}];
  const [pattern, own] = argumentsOf('Fn::Sub', argument, 2);
  return [literal(pattern, 'Fn::Sub'), Object(own)];
}

export function argumentsOf(name: string, argument: unknown, count: number): readonly unknown[] {
  if (Array.isArray(argument) && argument.length === count) return argument;
  throw new TemplateError(`Template error: ${name} needs a list of ${count} arguments`);
}

export function literal(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`Template error: ${name} needs a string here`);
}

/** A value as CloudFormation puts it into text. */
export function text(value: unknown, name: string): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new TemplateError(`Template error: every value of ${name} must be a string`);
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`Template error: ${name} needs a list`);
}
