import { assumedRoleOf } from '../../infra/policies/assumed-roles.ts';
import type { Statement } from '../../infra/policies/policy-document.ts';
import { functionRoleName } from '../../infra/template/resource-names.ts';
import type { Use } from '../../local-aws/aws/uses.ts';
import type { DeployedRole } from '../../local-aws/cloudformation/iam.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { evaluate } from '../../local-aws/policy/evaluate.ts';
import type { Operation } from '../../shared/contract/operation.ts';

/** What the local AWS does not do with the credentials of a role, so that no run can show it. */
const unseen: ReadonlySet<string> = new Set([
  'logs', // Lambda writes the logs
  'xray', // and sends the traces.
]);

/** Rights that no request used, as `role: action on resource`. */
export function unusedRights(
  roles: readonly DeployedRole[],
  operations: readonly Operation[],
  uses: readonly Use[],
): readonly string[] {
  return [
    ...roles.flatMap((role) => unusedOf(role, uses)),
    ...operations.flatMap((operation) => unusedActions(operation, uses)),
  ];
}

/** A part of a statement that grants one thing. */
interface Right {
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
  /** One of the attributes of items that the statement names. */
  readonly attribute: string | undefined;
}

function unusedOf({ name, policies }: DeployedRole, uses: readonly Use[]): readonly string[] {
  const own = uses.filter(({ role }) => role === name);
  return policies
    .flatMap(({ Statement }) => Statement)
    .flatMap(rightsOf)
    .filter(({ action }) => !unseen.has(action.split(':')[0] ?? ''))
    .filter((right) => !own.some((use) => isUse(use, right)))
    .map(({ action, resource, attribute }) =>
      [`${name}: ${action} on ${resource}`, ...(attribute === undefined ? [] : [`with ${attribute}`])].join(
        ' ',
      ),
    );
}

function rightsOf(statement: Statement): readonly Right[] {
  const named = statement.Condition?.['ForAllValues:StringEquals']?.['dynamodb:Attributes'];
  const attributes = named === undefined ? [undefined] : [named].flat().map(String);
  return [statement.Action ?? []]
    .flat()
    .flatMap((action) =>
      [statement.Resource ?? []]
        .flat()
        .flatMap((resource) => attributes.map((attribute) => ({ statement, action, resource, attribute }))),
    );
}

function isUse({ action, resource, context }: Use, right: Right): boolean {
  const { statement, attribute } = right;
  const alone = { ...statement, Action: right.action, Resource: right.resource };
  const request = { action, resource, principal: undefined, context };
  const isNamed = attribute === undefined || [context['dynamodb:Attributes']].flat().includes(attribute);
  return isNamed && evaluate(request, [{ Version: '2012-10-17', Statement: alone }]) === 'allow';
}

/** Actions that an operation's session policies grant, and that its function never used. */
function unusedActions(operation: Operation, uses: readonly Use[]): readonly string[] {
  const { name, actions } = operation;
  const from = functionRoleName(deployment.stage, name);
  return actions
    .filter((action) => !uses.some((use) => use.from === from && use.action === action))
    .map((action) => `the contract of ${name}: ${action} with the role ${assumedRoleOf(operation)}`);
}
