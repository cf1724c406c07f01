import type { TemplateParameter } from './template.ts';
import { TemplateError } from './template-error.ts';

type Given = Readonly<Record<string, string>>;

/**
 * The value of every parameter: the given one, or its default. Throws a TemplateError that names every parameter that
 * is missing, unknown or breaks one of its constraints.
 */
export function parameterValues(
  declared: Readonly<Record<string, TemplateParameter>>,
  given: Given,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const values = Object.entries(declared).map(
    ([name, { Default }]) => [name, given[name] ?? Default] as const,
  );
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw new TemplateError(`Parameters: [${missing.join(', ')}] must have values`);
  const texts = Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
  const broken = Object.entries(declared).flatMap(([name, parameter]) => {
    const constraint = brokenConstraint(parameter, texts[name] ?? '');
    return constraint === undefined ? [] : [describe(name, parameter, constraint)];
  });
  if (broken.length > 0) throw new TemplateError(broken.join('; '));
  return texts;
}

function describe(name: string, { ConstraintDescription }: TemplateParameter, constraint: string): string {
  return ConstraintDescription === undefined
    ? `Parameter '${name}' ${constraint}`
    : `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`;
}

/** Completes the sentence “Parameter X …”. Source: "CloudFormation template Parameters syntax", AWS guide. */
function brokenConstraint(parameter: TemplateParameter, value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern } = parameter;
  if (AllowedValues !== undefined && !AllowedValues.some((allowed) => String(allowed) === value)) {
    return `must be one of AllowedValues: [${AllowedValues.join(', ')}]`;
  }
  // The pattern must match the entire value, as if it had anchors.
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`, 'u').test(value)) {
    return `must match pattern ${AllowedPattern}`;
  }
  return Type === 'Number' ? brokenRange(parameter, value) : brokenLength(parameter, value);
}

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function brokenRange({ MinValue, MaxValue }: TemplateParameter, value: string): string | undefined {
  if (!numeric.test(value)) return 'must be a number';
  if (MinValue !== undefined && Number(value) < MinValue) return `must be a number not less than ${MinValue}`;
  if (MaxValue !== undefined && Number(value) > MaxValue)
    return `must be a number not greater than ${MaxValue}`;
  return undefined;
}

function brokenLength({ MinLength, MaxLength }: TemplateParameter, value: string): string | undefined {
  if (MinLength !== undefined && value.length < MinLength)
    return `must contain at least ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > MaxLength)
    return `must contain at most ${MaxLength} characters`;
  return undefined;
}
