import type { ResolvedResource } from './template.ts';
import { TemplateError } from './template-error.ts';

type Properties = ResolvedResource['properties'];

/** The value of a secret by its ARN. */
export type SecretValue = (arn: string) => string;

const reference = /\{\{resolve:([^}]*)\}\}/g;
const secretReference =
  /^secretsmanager:(arn:[^:]+:secretsmanager:[^:]*:\d+:secret:[^:]+)(?::SecretString(?::([^:]+))?)?$/;

/**
 * Replaces dynamic references in a resource's properties as CloudFormation does when it creates the resource: those to
 * a secret named by its ARN, to its whole value or to a member of the JSON that it is. Source: "Get a secret or secret
 * value from Secrets Manager", CloudFormation user guide.
 */
export function withSecrets(properties: Properties, secretValue: SecretValue): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, own]) => [key, replace(own, secretValue)]));
}

function replace(value: unknown, secretValue: SecretValue): unknown {
  if (typeof value === 'string') {
    return value.includes('{{resolve:')
      ? value.replace(reference, (_all, name) => lookUp(name, secretValue))
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => replace(item, secretValue));
  if (typeof value !== 'object' || value === null) return value;
  return withSecrets(value as Properties, secretValue);
}

function lookUp(name: string, secretValue: SecretValue): string {
  const [, arn, member] = secretReference.exec(name) ?? [];
  if (arn === undefined) throw new TemplateError(`Unsupported dynamic reference {{resolve:${name}}}`);
  const value = secretValue(arn);
  return member === undefined ? value : memberOf(value, member);
}

function memberOf(secret: string, member: string): string {
  const members = parseJson(secret);
  const value: unknown = Object.hasOwn(members, member) ? Reflect.get(members, member) : undefined;
  if (typeof value === 'string') return value;
  throw new TemplateError(`Could not find a value associated with JSONKey ${member} in SecretString`);
}

/** What is no JSON has no members. */
function parseJson(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
