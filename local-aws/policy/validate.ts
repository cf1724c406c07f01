import * as z from 'zod';
import type { OneOrMany, PolicyDocument, Statement } from '../principal.ts';
import { isConditionOperator } from './conditions.ts';

/** What a policy is attached to: a user, role or session; a resource; or a role as its trust policy. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const names = z.union([z.string(), z.array(z.string()).min(1)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const principal = z.union([
  z.literal('*'),
  z.partialRecord(z.enum(['AWS', 'Service', 'Federated', 'CanonicalUser']), names),
]);

const statementSchema = z.strictObject({
  Sid: z.exactOptional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.exactOptional(principal),
  NotPrincipal: z.exactOptional(principal),
  Action: z.exactOptional(names),
  NotAction: z.exactOptional(names),
  Resource: z.exactOptional(names),
  NotResource: z.exactOptional(names),
  Condition: z.exactOptional(z.record(z.string(), z.record(z.string(), z.union([scalar, z.array(scalar)])))),
});

const documentSchema = z.strictObject({
  Version: z.exactOptional(z.enum(['2012-10-17', '2008-10-17'])),
  Id: z.exactOptional(z.string()),
  Statement: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(statementSchema).min(1),
  ),
});

/**
 * Parses a policy document with the checks that IAM makes when it stores one.
 * Throws an Error with the message of IAM's MalformedPolicyDocument.
 */
export function parsePolicy(text: string, kind: PolicyKind = 'identity'): PolicyDocument {
  const parsed = documentSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(syntaxMessage(parsed.error.issues[0]));
  checkSids(parsed.data.Statement);
  for (const statement of parsed.data.Statement) checkStatement(statement, kind);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('This policy contains invalid Json', { cause });
  }
}

// AWS says only the first sentence; the place helps the policy's author.
function syntaxMessage(issue: z.core.$ZodIssue | undefined): string {
  const place = issue === undefined ? '' : z.core.toDotPath(issue.path);
  return `Syntax errors in policy.${issue === undefined ? '' : ` (${place === '' ? '' : `${place}: `}${issue.message})`}`;
}

function checkSids(statements: readonly Statement[]): void {
  const sids = statements.map(({ Sid }) => Sid).filter((sid) => sid !== undefined && sid !== '');
  check(new Set(sids).size === sids.length, 'Statement IDs (SID) in a single policy must be unique.');
}

function checkStatement(statement: Statement, kind: PolicyKind): void {
  const { Action, NotAction, Resource, NotResource } = statement;
  checkOneOf(Action, NotAction, 'actions');
  for (const action of many(Action ?? NotAction)) {
    check(
      /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/.test(action),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    );
  }
  if (kind === 'trust') {
    check(Resource === undefined && NotResource === undefined, 'Has prohibited field Resource');
  } else {
    checkOneOf(Resource, NotResource, 'resources');
    for (const resource of many(Resource ?? NotResource)) checkResource(resource, kind);
  }
  checkPrincipal(statement, kind);
  for (const operator of Object.keys(statement.Condition ?? {})) {
    check(isConditionOperator(operator), `Invalid Condition type : ${operator}.`);
  }
}

function checkOneOf(element: OneOrMany | undefined, negated: OneOrMany | undefined, what: string): void {
  check(element !== undefined || negated !== undefined, `Policy statement must contain ${what}.`);
  check(
    element === undefined || negated === undefined,
    `Policy statement must not contain both ${what} and their exclusion.`,
  );
}

function checkResource(resource: string, kind: PolicyKind): void {
  const valid = resource === '*' || resource.startsWith('arn:') || resource.startsWith('${');
  // A resource policy of API Gateway may name its resources in short form.
  const short = kind === 'resource' && resource.startsWith('execute-api:/');
  check(valid || short, `Resource ${resource} must be in ARN format or "*".`);
}

function checkPrincipal({ Effect, Principal, NotPrincipal }: Statement, kind: PolicyKind): void {
  if (kind === 'identity') {
    check(
      Principal === undefined && NotPrincipal === undefined,
      'Policy document should not specify a principal.',
    );
    return;
  }
  check(Principal !== undefined || NotPrincipal !== undefined, 'Missing required field Principal');
  check(
    Principal === undefined || NotPrincipal === undefined,
    'Policy statement must not contain both Principal and NotPrincipal.',
  );
  check(
    NotPrincipal === undefined || (kind === 'resource' && Effect === 'Deny'),
    'Has prohibited field NotPrincipal',
  );
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function many(values: OneOrMany | undefined): readonly string[] {
  if (values === undefined) return [];
  return typeof values === 'string' ? [values] : values;
}
