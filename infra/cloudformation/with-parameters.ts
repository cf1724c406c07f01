import { conditionsOf } from './conditions.ts';
import { intrinsicName, noValue } from './intrinsics.ts';
import { parameterValues } from './parameters.ts';
import type { Template, TemplateOutput, TemplateResource } from './template.ts';

type Values = Readonly<Record<string, string>>;

/** What the values of parameters decide. */
interface Decided {
  readonly values: Values;
  readonly condition: (name: string) => boolean;
}

/**
 * The same template without parameters and conditions: they have the given values, or their defaults, and references to
 * resources and to the place stay as they are. For tools that do not evaluate conditions. Conditions may depend on the
 * partition, which is `aws`.
 */
export function withParameters(template: Template, given: Values): Template {
  const values = parameterValues(template.Parameters, given);
  const scope = { ...values, 'AWS::Partition': 'aws' } as Values;
  const decided = { values, condition: conditionsOf(template.Conditions, (name) => scope[name]) };
  return {
    ...template,
    Parameters: {},
    Conditions: {},
    Resources: existing(template.Resources, decided),
    Outputs: existing(template.Outputs, decided),
  };
}

function existing<Part extends TemplateResource | TemplateOutput>(
  parts: Readonly<Record<string, Part>>,
  decided: Decided,
): Readonly<Record<string, Part>> {
  const chosen = Object.entries(parts).filter(
    ([, { Condition }]) => Condition === undefined || decided.condition(Condition),
  );
  return Object.fromEntries(
    chosen.map(([id, { Condition: _, ...part }]) => [id, replaced(part, decided) as Part]),
  );
}

function replaced(value: unknown, decided: Decided): unknown {
  if (Array.isArray(value))
    return value.map((item) => replaced(item, decided)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const name = intrinsicName(value);
  const [, argument] = Object.entries(value)[0] ?? [];
  if (name === 'Ref' && argument === 'AWS::NoValue') return noValue;
  if (name === 'Ref') return decided.values[String(argument)] ?? value;
  if (name === 'Fn::If') {
    const [condition, then, otherwise] = Array.isArray(argument) ? argument : [];
    return replaced(decided.condition(String(condition)) ? then : otherwise, decided);
  }
  if (name === 'Fn::Sub') return substituted(argument, decided);
  const members = Object.entries(value).map(([key, member]) => [key, replaced(member, decided)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== noValue));
}

/** What is left without variables is plain text. */
function substituted(argument: unknown, decided: Decided): unknown {
  const [pattern, own] = Array.isArray(argument) ? argument : [argument, undefined];
  const text = String(pattern).replaceAll(
    /\$\{([A-Za-z0-9]+)\}/g,
    (all, name: string) => decided.values[name] ?? all,
  );
  if (own !== undefined) return { 'Fn::Sub': [text, replaced(own, decided)] };
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}
