import { BlockList, isIP } from 'node:net';
import type { ConditionValue, Statement } from '../principal.ts';
import { contextValues } from './context.ts';
import {
  expand,
  matchesArn,
  matchesGlob,
  noVariables,
  type Piece,
  plainText,
  type Variables,
} from './pattern.ts';

type Comparison = (actual: string, wanted: readonly Piece[]) => boolean;

/** A condition operator without its `ForAllValues:`/`ForAnyValue:` prefix and `IfExists` suffix. */
interface BaseOperator {
  readonly compare: Comparison;
  readonly negated: boolean;
  /** Only string and ARN operators replace policy variables. */
  readonly variables: boolean;
}

interface Operator extends BaseOperator {
  readonly quantifier: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
}

const equalText: Comparison = (actual, wanted) => actual === plainText(wanted);
const equalIgnoringCase: Comparison = (actual, wanted) =>
  actual.toLowerCase() === plainText(wanted).toLowerCase();

const baseOperators: ReadonlyMap<string, BaseOperator> = new Map([
  ['StringEquals', withVariables(equalText)],
  ['StringNotEquals', not(withVariables(equalText))],
  ['StringEqualsIgnoreCase', withVariables(equalIgnoringCase)],
  ['StringNotEqualsIgnoreCase', not(withVariables(equalIgnoringCase))],
  ['StringLike', withVariables(matchesGlob)],
  ['StringNotLike', not(withVariables(matchesGlob))],
  ['ArnEquals', withVariables(matchesArn)],
  ['ArnLike', withVariables(matchesArn)],
  ['ArnNotEquals', not(withVariables(matchesArn))],
  ['ArnNotLike', not(withVariables(matchesArn))],
  ['Bool', constant(equalIgnoringCase)],
  ['NumericEquals', ordered(numberOf, (actual, wanted) => actual === wanted)],
  ['NumericNotEquals', not(ordered(numberOf, (actual, wanted) => actual === wanted))],
  ['NumericLessThan', ordered(numberOf, (actual, wanted) => actual < wanted)],
  ['NumericLessThanEquals', ordered(numberOf, (actual, wanted) => actual <= wanted)],
  ['NumericGreaterThan', ordered(numberOf, (actual, wanted) => actual > wanted)],
  ['NumericGreaterThanEquals', ordered(numberOf, (actual, wanted) => actual >= wanted)],
  ['DateEquals', ordered(timeOf, (actual, wanted) => actual === wanted)],
  ['DateNotEquals', not(ordered(timeOf, (actual, wanted) => actual === wanted))],
  ['DateLessThan', ordered(timeOf, (actual, wanted) => actual < wanted)],
  ['DateLessThanEquals', ordered(timeOf, (actual, wanted) => actual <= wanted)],
  ['DateGreaterThan', ordered(timeOf, (actual, wanted) => actual > wanted)],
  ['DateGreaterThanEquals', ordered(timeOf, (actual, wanted) => actual >= wanted)],
  ['IpAddress', constant((actual, wanted) => inRange(actual, plainText(wanted)))],
  ['NotIpAddress', not(constant((actual, wanted) => inRange(actual, plainText(wanted))))],
]);

function withVariables(compare: Comparison): BaseOperator {
  return { compare, negated: false, variables: true };
}

function constant(compare: Comparison): BaseOperator {
  return { compare, negated: false, variables: false };
}

function not(operator: BaseOperator): BaseOperator {
  return { ...operator, negated: true };
}

function ordered(parse: (text: string) => number, holds: (actual: number, wanted: number) => boolean) {
  return constant((actual, wanted) => holds(parse(actual), parse(plainText(wanted))));
}

// Text that is not a number or date becomes NaN, for which every comparison fails.
function numberOf(text: string): number {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function timeOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
}

function inRange(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const widest = family === 'ipv6' ? 128 : 32;
  const prefix = bits === undefined ? widest : numberOf(bits);
  if (isIP(address) === 0 || isIP(network) === 0 || !(prefix >= 0 && prefix <= widest)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether this is an operator of the policy language, with any prefix and suffix. */
export function isConditionOperator(name: string): boolean {
  return name === 'Null' || parseOperator(name) !== undefined;
}

function parseOperator(name: string): Operator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name);
  const base = baseOperators.get(match?.[2] ?? '');
  if (match === null || base === undefined) return undefined;
  const quantifiers = { ForAllValues: 'all', ForAnyValue: 'any' } as const;
  const prefix = match[1];
  const quantifier = prefix === 'ForAllValues' || prefix === 'ForAnyValue' ? quantifiers[prefix] : undefined;
  return { ...base, quantifier, ifExists: match[3] !== undefined };
}

/** Whether every key under every operator holds. Throws on an unknown operator. */
export function conditionsHold(conditions: Statement['Condition'], variables: Variables): boolean {
  return Object.entries(conditions ?? {}).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(name, key, texts(values), variables)),
  );
}

function holds(name: string, key: string, wanted: readonly string[], variables: Variables): boolean {
  const actual = contextValues(variables.context, key);
  if (name === 'Null') return wanted.some((value) => value.toLowerCase() === String(actual === undefined));
  const operator = parseOperator(name);
  if (operator === undefined) throw new Error(`Invalid Condition type : ${name}.`);
  if (actual === undefined && operator.ifExists) return true;
  const expanded = wanted.map((value) => expand(value, operator.variables ? variables : noVariables));
  // A statement with an unresolved variable does not match, whatever the operator.
  if (!expanded.every((pieces) => pieces !== undefined)) return false;
  return compareAll(operator, actual ?? [], expanded);
}

function compareAll(
  operator: Operator,
  actual: readonly string[],
  wanted: readonly (readonly Piece[])[],
): boolean {
  const satisfies = (value: string) =>
    wanted.some((pieces) => operator.compare(value, pieces)) !== operator.negated;
  if (operator.quantifier === 'all') return actual.every(satisfies);
  if (operator.quantifier === 'any') return actual.some(satisfies);
  // Nothing equals an absent key: plain operators fail, negated ones hold.
  return operator.negated ? actual.every(satisfies) : actual.some(satisfies);
}

function texts(values: ConditionValue): readonly string[] {
  return typeof values === 'object' ? values.map(String) : [String(values)];
}
