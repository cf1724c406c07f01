import type {
  ConditionValue,
  OneOrMany,
  PolicyDocument,
  PrincipalElement,
  Statement,
} from './policy-document.ts';

/**
 * What of two policies differs, in words. Only what has a meaning counts: neither the order of statements and lists,
 * nor whether a single value is in a list, nor the spelling of what IAM compares without case.
 */
export function policyDifferences(expected: PolicyDocument, found: PolicyDocument): readonly string[] {
  const missing = [expected.Statement].flat().map(normalised);
  const added: Normalised[] = [];
  for (const statement of [found.Statement].flat().map(normalised)) {
    const index = missing.findIndex(({ text }) => text === statement.text);
    if (index === -1) added.push(statement);
    else missing.splice(index, 1);
  }
  const changed = added.flatMap((statement) => {
    const before = missing.find(({ sid }) => sid !== undefined && sid === statement.sid);
    return before === undefined ? [] : [{ statement, before }];
  });
  const isChanged = (one: Normalised) =>
    changed.some(({ statement, before }) => one === statement || one === before);
  return [
    ...(versionOf(expected) === versionOf(found)
      ? []
      : [`Version is ${versionOf(found)}, not ${versionOf(expected)}`]),
    ...changed.map(
      ({ statement, before }) => `${statement.name} was changed: ${elementsOf(before, statement)}`,
    ),
    ...added.filter((one) => !isChanged(one)).map(({ name }) => `${name} was added`),
    ...missing.filter((one) => !isChanged(one)).map(({ name }) => `${name} was removed`),
  ];
}

/** What IAM takes a policy without a version for. */
const versionOf = ({ Version = '2008-10-17' }: PolicyDocument): string => Version;

interface Normalised {
  readonly sid: string | undefined;
  readonly name: string;
  readonly elements: Readonly<Record<string, string>>;
  /** The same for statements that mean the same. */
  readonly text: string;
}

function normalised(statement: Statement): Normalised {
  const {
    Sid,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
    ...others
  } = statement;
  const elements = texts({
    Effect,
    Principal: Principal && principals(Principal),
    NotPrincipal: NotPrincipal && principals(NotPrincipal),
    Action: Action && list(Action, (action) => action.toLowerCase()),
    NotAction: NotAction && list(NotAction, (action) => action.toLowerCase()),
    Resource: Resource && list(Resource),
    NotResource: NotResource && list(NotResource),
    Condition: Condition && conditions(Condition),
    ...others,
  });
  return {
    sid: Sid,
    name:
      Sid === undefined
        ? `a statement without Sid (${Effect} ${[Action ?? []].flat().join(', ')})`
        : `statement ${Sid}`,
    elements,
    text: JSON.stringify([Sid, elements]),
  };
}

const texts = (elements: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(elements)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, JSON.stringify(value)]),
  );

const list = (values: OneOrMany, spelling = (value: string) => value): readonly string[] =>
  [...new Set([values].flat().map(spelling))].sort();

/** `*` and `{"AWS": "*"}` are the same. Source: "AWS JSON policy elements: Principal", IAM user guide. */
const principals = (element: PrincipalElement): readonly unknown[] =>
  sorted(
    Object.entries(element === '*' ? { AWS: '*' } : element).map(([kind, values]) => [kind, list(values)]),
  );

/** Operators and keys are compared without case, their values as text. */
const conditions = (condition: NonNullable<Statement['Condition']>): readonly unknown[] =>
  sorted(
    Object.entries(condition).map(([operator, keys]) => [
      operator.toLowerCase(),
      sorted(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), conditionValues(value)])),
    ]),
  );

const conditionValues = (value: ConditionValue): readonly string[] => list([value].flat().map(String));

/** Not as an object: two keys that differ only in case must not become one. */
const sorted = (entries: readonly (readonly [string, unknown])[]): readonly unknown[] =>
  [...entries].sort(([one], [other]) => (one < other ? -1 : 1));

function elementsOf(before: Normalised, after: Normalised): string {
  const names = new Set([...Object.keys(before.elements), ...Object.keys(after.elements)]);
  return [...names].filter((name) => before.elements[name] !== after.elements[name]).join(', ');
}
