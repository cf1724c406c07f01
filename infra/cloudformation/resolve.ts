import { conditionsOf } from './conditions.ts';
import { type SecretValue, withSecrets } from './dynamic-references.ts';
import { identityOf } from './identities.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { parameterValues } from './parameters.ts';
import { pseudoValues } from './pseudo-parameters.ts';
import { checkReferences } from './references.ts';
import type { Place, ResolvedResource, ResolvedTemplate, Template, TemplateResource } from './template.ts';
import { inPlace, TemplateError } from './template-error.ts';

export interface ResolveOptions {
  /** Values of the template's parameters; the others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly place: Place;
  /** What `Ref` returns for resources of an existing stack, by logical id. For the others it is made up. */
  readonly physicalIds?: Readonly<Record<string, string>>;
  /** The value of a secret that properties refer to dynamically. Without it, such references stay as they are. */
  readonly secretValue?: (arn: string, resources: ResolvedTemplate['resources']) => string;
}

/**
 * The template as CloudFormation would create it in a place: parameters are checked, conditions are decided, and
 * intrinsic functions and dynamic references replaced. Throws a TemplateError that says which resource, condition,
 * output or parameter is wrong.
 */
export function resolveTemplate(template: Template, options: ResolveOptions): ResolvedTemplate {
  checkReferences(template);
  const parameters = parameterValues(template.Parameters, options.parameters);
  const resolver = new Resolver(template, parameters, options);
  return {
    parameters,
    resources: resolver.resources(Object.keys(template.Resources)),
    outputs: resolver.outputs(),
  };
}

class Resolver {
  readonly #template: Template;
  readonly #place: Place;
  readonly #physicalIds: Readonly<Record<string, string>>;
  readonly #secretValue: SecretValue | undefined;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #condition: (name: string) => boolean;
  readonly #resolved: Record<string, ResolvedResource> = {};
  /** The logical ids of the resources whose properties are being evaluated, each needed by the one before. */
  readonly #underWay: string[] = [];

  constructor(
    template: Template,
    parameters: Readonly<Record<string, string>>,
    { place, physicalIds = {}, secretValue }: ResolveOptions,
  ) {
    this.#template = template;
    this.#place = place;
    this.#physicalIds = physicalIds;
    this.#secretValue = secretValue && ((arn) => secretValue(arn, this.#resolved));
    this.#values = { ...parameters, ...pseudoValues(place) };
    this.#condition = conditionsOf(template.Conditions, (name) => this.#values[name]);
    for (const name of Object.keys(template.Conditions)) this.#condition(name);
  }

  /** Those of the resources that exist, in the given order. */
  resources(logicalIds: readonly string[]): ResolvedTemplate['resources'] {
    const existing = logicalIds.filter((logicalId) => this.#exists(logicalId));
    return Object.fromEntries(existing.map((logicalId) => [logicalId, this.#resource(logicalId)]));
  }

  outputs(): ResolvedTemplate['outputs'] {
    const existing = Object.entries(this.#template.Outputs).filter(
      ([, { Condition }]) => Condition === undefined || this.#condition(Condition),
    );
    return Object.fromEntries(
      existing.map(([name, { Value }]) => [name, inPlace(`Outputs.${name}`, () => this.#output(Value))]),
    );
  }

  #output(written: unknown): string {
    const value = evaluate(written, this.#scope);
    if (typeof value === 'string') return value;
    throw new TemplateError('Template format error: every Value of an output must evaluate to a string');
  }

  #exists(logicalId: string): boolean {
    const condition = this.#template.Resources[logicalId]?.Condition;
    return condition === undefined || this.#condition(condition);
  }

  /** Evaluates the resource's properties, and before them those of all resources that it needs. */
  #resource(logicalId: string): ResolvedResource {
    const known = this.#resolved[logicalId];
    if (known !== undefined) return known;
    const written = this.#template.Resources[logicalId];
    if (written === undefined || !this.#exists(logicalId)) {
      throw new TemplateError(
        `Template format error: unresolved dependency [${logicalId}]: its condition is false`,
      );
    }
    const start = this.#underWay.indexOf(logicalId);
    if (start >= 0) {
      const circle = [...this.#underWay.slice(start), logicalId].join(' → ');
      throw new TemplateError(`Circular dependency between resources: ${circle}`);
    }
    this.#underWay.push(logicalId);
    const resource = inPlace(`Resources.${logicalId}`, () => this.#evaluate(logicalId, written));
    this.#underWay.pop();
    this.#resolved[logicalId] = resource;
    return resource;
  }

  #evaluate(logicalId: string, written: TemplateResource): ResolvedResource {
    checkAttributes(written);
    const { Type: type, Properties = {} } = written;
    const dependsOn = [written.DependsOn ?? []].flat().filter((name) => this.#exists(name));
    for (const name of dependsOn) this.#resource(name);
    const evaluated = evaluate(Properties, this.#scope) as ResolvedResource['properties'];
    const properties = this.#secretValue ? withSecrets(evaluated, this.#secretValue) : evaluated;
    const { ref, attributes } = identityOf(this.#place, logicalId, { type, properties });
    return { type, dependsOn, properties, ref: this.#physicalIds[logicalId] ?? ref, attributes };
  }

  readonly #scope: Scope = {
    ref: (name) => (Object.hasOwn(this.#values, name) ? this.#values[name] : this.#resource(name).ref),
    attribute: (logicalId, attribute) => {
      const { attributes, type } = this.#resource(logicalId);
      if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
      throw new TemplateError(
        `Template error: resource ${logicalId} (${type}) does not support attribute ${attribute} in Fn::GetAtt`,
      );
    },
    condition: (name) => this.#condition(name),
  };
}

const resourceAttributes: ReadonlySet<string> = new Set([
  'Type',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'Properties',
]);

function checkAttributes(resource: TemplateResource): void {
  const unknown = Object.keys(resource).find((key) => !resourceAttributes.has(key));
  if (unknown !== undefined) throw new TemplateError(`Invalid template resource property '${unknown}'`);
}
