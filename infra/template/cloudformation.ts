/** A CloudFormation template as osls compiles it. */
export interface CompiledTemplate {
  readonly Resources: Record<string, CompiledResource>;
  readonly Outputs: Record<string, { Description?: string; Value: unknown }>;
}

export interface CompiledResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  DependsOn?: readonly string[];
}

/** The resources of a type, with their logical ids. */
export function ofType(
  { Resources }: CompiledTemplate,
  type: string,
): readonly (readonly [logicalId: string, resource: CompiledResource])[] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

/** The logical ids of the API's resources, by path. */
export function resourceIdsByPath(template: CompiledTemplate): ReadonlyMap<string, string> {
  const resources = ofType(template, 'AWS::ApiGateway::Resource');
  return new Map(resources.map(([logicalId]) => [pathOf(template, logicalId), logicalId]));
}

function pathOf(template: CompiledTemplate, logicalId: string): string {
  const { Properties } = template.Resources[logicalId] ?? {};
  if (Properties === undefined) return '';
  return `${pathOf(template, referenced(Properties['ParentId']))}/${Properties['PathPart']}`;
}

/** The logical id in a `Ref`; empty for anything else, such as the `Fn::GetAtt` of the root. */
function referenced(value: unknown): string {
  return typeof value === 'object' && value !== null && 'Ref' in value ? String(value.Ref) : '';
}

/** The logical id that osls generated for a function. */
export const functionIdOf = (template: CompiledTemplate, functionName: string): string =>
  idOf(template, 'AWS::Lambda::Function', 'FunctionName', functionName);

/** The logical id of a function's log group. */
export const logGroupIdOf = (template: CompiledTemplate, functionName: string): string =>
  idOf(template, 'AWS::Logs::LogGroup', 'LogGroupName', `/aws/lambda/${functionName}`);

function idOf(template: CompiledTemplate, type: string, property: string, value: string): string {
  const [id] = ofType(template, type).find(([, { Properties }]) => Properties[property] === value) ?? [];
  if (id === undefined) throw new Error(`The template has no ${type} named ${value}`);
  return id;
}
