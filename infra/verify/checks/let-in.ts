import type { Operation } from '../../../shared/contract/operation.ts';
import { type StaffAudience, staffPolicies } from '../../policies/managed-policies.ts';
import type { Answer } from '../client.ts';
import { type Check, leftOut, notChecked, type Outcome, verdict } from '../finding.ts';
import { deniedByGateway, described, invalid, once, wasRead } from '../requests.ts';
import type { Keys } from '../sign.ts';
import { isGated, isSelfService, isSigned, type Subject } from '../subject.ts';
import { functionOf, managedPolicy, statement, stepUpStatements, type Target } from '../targets.ts';

/** Positive controls: without them the refusals would prove nothing, since an API that refuses everyone passes those. */
export interface LetIn {
  readonly checks: readonly Check[];
  /** What the session with recent MFA got for an operation's route as it is spelled. */
  readonly answerTo: (operation: Operation) => Promise<Answer>;
  /** Whether the user's own policies allow what none of the product's policies allows. */
  readonly isBroad: () => Promise<boolean>;
}

export function letIn(subject: Subject): LetIn {
  const { client, operations, longTerm, withoutMfa, steppedUp } = subject;
  const answers = new Map(
    operations.map((operation) => [operation, once(() => client.send(invalid(operation), steppedUp))]),
  );
  const answerTo = async (operation: Operation) => {
    const answer = await answers.get(operation)?.();
    if (answer === undefined) throw new Error(`${operation.name} is not an operation of the API`);
    return answer;
  };
  const isBroad = once(() => isBroadly(subject, steppedUp));
  const open = operations.filter((operation) => isSigned(operation) && !isGated(operation));
  const callers = [
    ['a long-term key', longTerm],
    ['a session without MFA', withoutMfa],
  ] as const;
  return {
    answerTo,
    isBroad,
    checks: [
      ...callers.flatMap(([how, keys]) => open.map((operation) => letsIn(subject, operation, how, keys))),
      ...operations.filter(isGated).map((operation) => letsInWithMfa(operation, { answerTo, isBroad })),
      breadth(isBroad),
    ],
  };
}

/** Without its function's answer to an invalid request, the route is not what the contract says. */
const letsIn = ({ client }: Subject, operation: Operation, how: string, keys: Keys): Check => ({
  name: `let in: ${operation.name} with ${how}`,
  standsFor: [managedPolicy('self-service'), functionOf(operation.name)],
  run: async () => {
    const sending = invalid(operation);
    const answer = await client.send(sending, keys);
    return verdict(!wasRead(answer) && described(sending, answer));
  },
});

const letsInWithMfa = (
  operation: Operation,
  { answerTo, isBroad }: Pick<LetIn, 'answerTo' | 'isBroad'>,
): Check => ({
  name: `let in: ${operation.name} with recent MFA`,
  standsFor: [...policiesOf(operation), functionOf(operation.name)],
  gate: true,
  run: async () => {
    const answer = await answerTo(operation);
    if (wasRead(answer)) return verdict();
    if (deniedByGateway(answer) && !isSelfService(operation) && !(await isBroad())) {
      return notChecked("the user's own policies do not allow it");
    }
    return verdict(described(invalid(operation), answer));
  },
});

const policiesOf = (operation: Operation): readonly Target[] =>
  isSelfService(operation) ? [managedPolicy('self-service')] : [];

/** Whether a caller with these keys may reach a route that none of the product's policies allows. */
export async function isBroadly({ client }: Subject, keys: Keys): Promise<boolean> {
  // Policies of the help desk allow ids of 26 characters only; API Gateway routes any.
  const answer = await client.send({ method: 'GET', path: '/v1/recoveries/verify?verify=1' }, keys);
  return wasRead(answer);
}

/** What can be seen of the user's own policies decides what the refusals of odd spellings prove. */
const breadth = (isBroad: () => Promise<boolean>): Check => ({
  name: "managed policy SelfService: it is the user's own",
  standsFor: [managedPolicy('self-service')],
  run: async (): Promise<Outcome> =>
    (await isBroad())
      ? notChecked(
          "the user's own policies allow more than the product's; run it as a user with only this one",
        )
      : verdict(),
});

/** Roles that act for others reach the routes of their policy, without MFA, and no others. */
export const staffLetIn = (subject: Subject): readonly Check[] =>
  audiences.flatMap((audience) => {
    const keys = subject.staff[audience];
    const name = `managed policy ${staffPolicies[audience]}`;
    if (keys === undefined) {
      return [
        leftOut(name, [managedPolicy(audience)], `give --${audience.replace('recovery-', '')}-profile`),
      ];
    }
    return [reachesItsOwn(subject, audience, keys), reachesNoOthers(subject, audience, keys)];
  });

const audiences: readonly StaffAudience[] = ['recovery-agent', 'recovery-approver', 'auditor'];

const reachesItsOwn = (subject: Subject, audience: StaffAudience, keys: Keys): Check => ({
  name: `managed policy ${staffPolicies[audience]}: a role reaches its routes`,
  // Sessions of roles have no MFA, so what the gate denies to users must not bind them.
  standsFor: [managedPolicy(audience), ...stepUpStatements],
  run: async () => {
    const own = subject.operations.filter((operation) => operation.audience.includes(audience));
    const answers = await Promise.all(own.map((operation) => subject.client.send(invalid(operation), keys)));
    return verdict(
      ...own.map((operation, index) => {
        const answer = answers[index];
        return answer !== undefined && !wasRead(answer) && described(invalid(operation), answer);
      }),
    );
  },
});

const reachesNoOthers = (subject: Subject, audience: StaffAudience, keys: Keys): Check => ({
  name: `managed policy ${staffPolicies[audience]}: the role reaches no other route`,
  standsFor: [managedPolicy(audience), statement('AllowAnonymousRoutes')],
  run: async () => {
    if (await isBroadly(subject, keys)) {
      return verdict(
        'The role may call GET /v1/recoveries/verify: give one that has this policy and no other.',
      );
    }
    const others = subject.operations.filter(
      (operation) => isSigned(operation) && !operation.audience.includes(audience),
    );
    const answers = await Promise.all(
      others.map((operation) => subject.client.send(invalid(operation), keys)),
    );
    return verdict(
      ...others.map((operation, index) => {
        const answer = answers[index];
        return answer !== undefined && !deniedByGateway(answer) && described(invalid(operation), answer);
      }),
    );
  },
});
