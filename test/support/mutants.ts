import type { OneOrMany, PolicyDocument, Statement } from '../../infra/policies/policy-document.ts';

/** A policy with one thing taken out or weakened. */
export interface PolicyMutant {
  readonly what: string;
  readonly policy: PolicyDocument;
}

const statementsOf = ({ Statement }: PolicyDocument): readonly Statement[] => [Statement].flat();
const listOf = (value: OneOrMany | undefined): readonly string[] => [value ?? []].flat();

/** Each statement removed, and of those with several actions or resources, each of these. */
export function withoutParts(policy: PolicyDocument): readonly PolicyMutant[] {
  return statementsOf(policy).flatMap((statement, index) => {
    const name = statement.Sid ?? listOf(statement.Action).join(' and ');
    const replaced = (by: readonly Statement[]): PolicyDocument => ({
      ...policy,
      Statement: statementsOf(policy).toSpliced(index, 1, ...by),
    });
    return [
      { what: `${name}: removed`, policy: replaced([]) },
      ...(['Action', 'Resource'] as const).flatMap((element) => {
        const values = listOf(statement[element]);
        if (values.length < 2) return [];
        return values.map((value) => ({
          what: `${name}: without ${value}`,
          policy: replaced([{ ...statement, [element]: values.filter((other) => other !== value) }]),
        }));
      }),
    ];
  });
}

/** Statements rewritten, or removed; those whose ids begin so. Throws if that changes nothing. */
export function rewritten(
  policy: PolicyDocument,
  sid: string,
  rewrite: (statement: Statement) => Statement | undefined,
): PolicyDocument {
  const Statement = statementsOf(policy).flatMap((statement) => {
    const written = statement.Sid?.startsWith(sid) ? rewrite(statement) : statement;
    return written === undefined ? [] : [written];
  });
  const after = { ...policy, Statement };
  if (JSON.stringify(after) === JSON.stringify(policy)) throw new Error(`Nothing of ${sid} to rewrite`);
  return after;
}

/** Text replaced, wherever it stands in a statement. */
export const replacing =
  (from: string, to: string) =>
  (statement: Statement): Statement =>
    JSON.parse(JSON.stringify(statement).replaceAll(from, to));

/** Logs and traces are Lambda's to write. */
const ofLambda: ReadonlySet<string> = new Set(['WriteLogs', 'Trace']);

/** What a role grants its own code, each permission taken out in turn. */
export const permissionsIn = (policy: PolicyDocument): readonly PolicyMutant[] =>
  withoutParts(policy).filter(({ what }) => !ofLambda.has(what.replace(/:.*/, '')));

const attributesKey = 'dynamodb:Attributes';

/** Of statements about items of the table, each attribute that they let a request name. */
export function withoutAttributes(policy: PolicyDocument): readonly PolicyMutant[] {
  return statementsOf(policy).flatMap((statement, index) => {
    const condition = statement.Condition?.['ForAllValues:StringEquals'];
    const names = [condition?.[attributesKey] ?? []].flat().map(String);
    return names.map((name) => {
      const others = names.filter((other) => other !== name);
      const Condition = {
        ...statement.Condition,
        'ForAllValues:StringEquals': { ...condition, [attributesKey]: others },
      };
      const Statement = statementsOf(policy).with(index, { ...statement, Condition });
      return { what: `${statement.Sid}: without ${name}`, policy: { ...policy, Statement } };
    });
  });
}
