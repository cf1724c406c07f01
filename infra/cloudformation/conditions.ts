import { argumentsOf, evaluate, literal, type Scope, text } from './intrinsics.ts';
import { inPlace, TemplateError } from './template-error.ts';

/** What a condition can refer to: parameters and other conditions, but no resources. */
export type ConditionScope = Pick<Scope, 'ref' | 'condition'>;

type Decide = (argument: unknown, scope: ConditionScope) => boolean;

const functions: ReadonlyMap<string, Decide> = new Map(
  Object.entries<Decide>({
    Condition: (name, scope) => scope.condition(literal(name, 'Condition')),
    'Fn::Equals': (argument, scope) => {
      const [one, other] = argumentsOf('Fn::Equals', argument, 2).map((value) =>
        text(evaluate(value, { ...scope, attribute }), 'Fn::Equals'),
      );
      return one === other;
    },
    'Fn::Not': (argument, scope) => !decide(argumentsOf('Fn::Not', argument, 1)[0], scope),
    'Fn::And': (argument, scope) => several('Fn::And', argument).every((operand) => decide(operand, scope)),
    'Fn::Or': (argument, scope) => several('Fn::Or', argument).some((operand) => decide(operand, scope)),
  }),
);

function attribute(): never {
  throw new TemplateError('Template error: a condition cannot use Fn::GetAtt');
}

function several(name: string, argument: unknown): readonly unknown[] {
  if (Array.isArray(argument) && argument.length >= 2 && argument.length <= 10) return argument;
  throw new TemplateError(`Template error: ${name} needs between 2 and 10 conditions`);
}

/** Whether a condition, as written in the template, is true. */
function decide(condition: unknown, scope: ConditionScope): boolean {
  const calls = typeof condition === 'object' ? Object.entries(condition ?? {}) : [];
  const [name = 'this', argument] = calls[0] ?? [];
  const decision = calls.length === 1 ? functions.get(name) : undefined;
  if (decision !== undefined) return decision(argument, scope);
  throw new TemplateError(`Template error: ${name} is not a condition function`);
}

/** Decides conditions by name, each once. */
export function conditionsOf(
  declared: Readonly<Record<string, unknown>>,
  ref: Scope['ref'],
): (name: string) => boolean {
  const decided = new Map<string, boolean | 'in progress'>();
  const condition = (name: string): boolean => {
    const known = decided.get(name);
    if (known === 'in progress') throw new TemplateError(`Circular dependency in condition ${name}`);
    if (known !== undefined) return known;
    if (!Object.hasOwn(declared, name)) {
      throw new TemplateError(`Template error: unresolved condition dependency ${name}`);
    }
    decided.set(name, 'in progress');
    const result = inPlace(`Conditions.${name}`, () => decide(declared[name], { ref, condition }));
    decided.set(name, result);
    return result;
  };
  return condition;
}
