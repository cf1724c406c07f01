import { attributeOf, intrinsicName, literal, variablesOf } from './intrinsics.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import type { Template } from './template.ts';
import { inPlace, TemplateError } from './template-error.ts';

/** The names that a part of a template may refer to. */
interface Names {
  readonly block: 'Conditions' | 'Resources' | 'Outputs';
  readonly isReferable: (name: string) => boolean;
  readonly isResource: (name: string) => boolean;
  readonly isCondition: (name: string) => boolean;
}

/**
 * Throws a TemplateError for a reference to nothing, wherever it is: CloudFormation refuses one also in a branch that is
 * not taken, or in a resource that is not created.
 */
export function checkReferences({ Parameters, Conditions, Resources, Outputs }: Template): void {
  const isPseudo = (name: string) => (pseudoParameters as readonly string[]).includes(name);
  const isParameter = (name: string) => Object.hasOwn(Parameters, name) || isPseudo(name);
  const isResource = (name: string) => Object.hasOwn(Resources, name);
  const isCondition = (name: string) => Object.hasOwn(Conditions, name);
  const isReferable = (name: string) => isParameter(name) || isResource(name);
  for (const [name, condition] of Object.entries(Conditions)) {
    const names = {
      block: 'Conditions',
      isReferable: isParameter,
      isResource: () => false,
      isCondition,
    } as const;
    inPlace(`Conditions.${name}`, () => checkValue(condition, names));
  }
  for (const [block, entries] of Object.entries({ Resources, Outputs } as const)) {
    const names = { block: block as 'Resources' | 'Outputs', isReferable, isResource, isCondition };
    for (const [name, entry] of Object.entries(entries)) {
      inPlace(`${block}.${name}`, () => checkEntry(entry, names));
    }
  }
}

/** A resource or an output. */
function checkEntry(entry: Template['Resources'][string] | Template['Outputs'][string], names: Names): void {
  if (entry.Condition !== undefined) check(names.isCondition, entry.Condition, names);
  const dependsOn = 'DependsOn' in entry ? [entry.DependsOn ?? []].flat() : [];
  for (const name of dependsOn) check(names.isResource, name, names);
  checkValue('Type' in entry ? entry.Properties : entry, names);
}

function checkValue(value: unknown, names: Names): void {
  if (typeof value !== 'object' || value === null) return;
  checkFunction(value, names);
  for (const own of Object.values(value)) checkValue(own, names);
}

/** Checks what an object refers to if it calls a function that refers to something. */
function checkFunction(value: object, names: Names): void {
  const name = intrinsicName(value) ?? Object.keys(value)[0];
  const argument: unknown = Object.values(value)[0];
  if (name === 'Ref') check(names.isReferable, literal(argument, 'Ref'), names);
  else if (name === 'Fn::GetAtt') check(names.isResource, attributeOf(argument)[0], names);
  else if (name === 'Fn::If') check(names.isCondition, literal(Object(argument)[0], 'Fn::If'), names);
  else if (name === 'Fn::Sub') {
    for (const variable of variablesOf(argument)) {
      const [target = '', ...attribute] = variable.split('.');
      check(attribute.length > 0 ? names.isResource : names.isReferable, target, names);
    }
  } else if (name === 'Condition' && names.block === 'Conditions') {
    // Elsewhere it is a key as any other, such as that of a policy's statement.
    check(names.isCondition, literal(argument, 'Condition'), names);
  }
}

function check(isKnown: (name: string) => boolean, name: string, { block }: Names): void {
  if (isKnown(name)) return;
  throw new TemplateError(
    `Template format error: unresolved dependency [${name}] in the ${block} block of the template`,
  );
}
