/** A CloudFormation placeholder for `Fn::Sub`. */
export const placeholder = (name: string) => `\${${name}}`;

/** Placeholders for values that are known only at deployment. */
export const placeholders = {
  partition: placeholder('AWS::Partition'),
  region: placeholder('AWS::Region'),
  accountId: placeholder('AWS::AccountId'),
  apiId: placeholder('ApiGatewayRestApi'),
  tableName: placeholder('Table'),
};

/** Wraps each string that has a placeholder in `Fn::Sub`, and escapes IAM's own variables. */
export function withSub(value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('${') ? { 'Fn::Sub': escapeIamVariables(value) } : value;
  if (Array.isArray(value)) return value.map(withSub);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSub(member)]));
}

/** `${aws:username}` is IAM's, `${AWS::Region}` and `${Table}` are CloudFormation's. */
function escapeIamVariables(text: string): string {
  return text.replaceAll(/\$\{(?!AWS::|[A-Za-z0-9]+\})/g, '${!');
}
