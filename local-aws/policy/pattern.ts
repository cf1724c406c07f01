import type { ConditionContext } from './context.ts';
import { contextValues } from './context.ts';

/** A run of policy text. A variable's value is literal: its `*` and `?` are not wildcards. */
export interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

/** The source of variables' values; policies before Version 2012-10-17 have no variables. */
export interface Variables {
  readonly enabled: boolean;
  readonly context: ConditionContext;
}

export const noVariables: Variables = { enabled: false, context: {} };

/** The code units of a text, with wildcards as negative numbers. */
type Pattern = readonly number[];

const ANY_RUN = -1;
const ANY_ONE = -2;
const COLON = 0x3a;
const arnParts = 6;

/** Replaces `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}`; undefined if a key has no single value. */
export function expand(template: string, variables: Variables): readonly Piece[] | undefined {
  if (!variables.enabled) return [{ text: template, literal: false }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(/\$\{([^}]*)\}/g)) {
    const value = variableValue(match[1] ?? '', variables.context);
    if (value === undefined) return undefined;
    pieces.push({ text: template.slice(end, match.index), literal: false }, { text: value, literal: true });
    end = match.index + match[0].length;
  }
  pieces.push({ text: template.slice(end), literal: false });
  return pieces;
}

function variableValue(expression: string, context: ConditionContext): string | undefined {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const comma = expression.indexOf(',');
  const key = (comma < 0 ? expression : expression.slice(0, comma)).trim();
  const values = contextValues(context, key);
  if (values?.length === 1) return values[0];
  return comma < 0 ? undefined : quoted(expression.slice(comma + 1).trim());
}

function quoted(text: string): string | undefined {
  return text.length >= 2 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : undefined;
}

/** The text of the pieces, without interpreting wildcards. */
export function plainText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

/** `*` matches any run of characters (including slashes and colons), `?` exactly one. */
export function matchesGlob(text: string, pieces: readonly Piece[]): boolean {
  return globMatches(text, toPattern(pieces));
}

/** Compares an ARN's six colon-separated parts one by one, so that a `*` stays within its part. */
export function matchesArn(text: string, pieces: readonly Piece[]): boolean {
  return arnMatches(text, patternParts(toPattern(pieces)));
}

/** Matches like a Resource element: part by part if the pattern is a whole ARN, else (`*`, `arn:aws:iam::*`) as one. */
export function matchesResource(resource: string, pieces: readonly Piece[]): boolean {
  const pattern = toPattern(pieces);
  const parts = patternParts(pattern);
  return parts.length === arnParts ? arnMatches(resource, parts) : globMatches(resource, pattern);
}

function arnMatches(text: string, wanted: readonly Pattern[]): boolean {
  const actual = textParts(text);
  if (wanted.length !== arnParts || actual.length !== arnParts) return false;
  return wanted.every((part, index) => globMatches(actual[index] ?? '', part));
}

// Loops instead of array methods, here and below: this runs for every pattern of every policy on every request.
function toPattern(pieces: readonly Piece[]): Pattern {
  const pattern: number[] = [];
  for (const { text, literal } of pieces) {
    for (let index = 0; index < text.length; index += 1) pattern.push(codeOf(text, index, literal));
  }
  return pattern;
}

function codeOf(text: string, index: number, literal: boolean): number {
  if (!literal && text[index] === '*') return ANY_RUN;
  if (!literal && text[index] === '?') return ANY_ONE;
  return text.charCodeAt(index);
}

function patternParts(pattern: Pattern): readonly Pattern[] {
  const parts: Pattern[] = [];
  let start = 0;
  while (parts.length < arnParts - 1) {
    const colon = pattern.indexOf(COLON, start);
    if (colon < 0) break;
    parts.push(pattern.slice(start, colon));
    start = colon + 1;
  }
  return [...parts, pattern.slice(start)];
}

function textParts(text: string): readonly string[] {
  const parts = text.split(':');
  return [
    ...parts.slice(0, arnParts - 1),
    ...(parts.length < arnParts ? [] : [parts.slice(arnParts - 1).join(':')]),
  ];
}

// Backtracks only to the last `*`, so that no pattern takes exponential time, as it could with a RegExp.
function globMatches(text: string, pattern: Pattern): boolean {
  let position = 0;
  let next = 0;
  let star = -1;
  let starPosition = 0;
  while (position < text.length) {
    const code = pattern[next];
    if (code === ANY_RUN) {
      star = next;
      next += 1;
      starPosition = position;
    } else if (code === ANY_ONE || code === text.charCodeAt(position)) {
      position += 1;
      next += 1;
    } else if (star >= 0) {
      starPosition += 1;
      position = starPosition;
      next = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[next] === ANY_RUN) next += 1;
  return next === pattern.length;
}
