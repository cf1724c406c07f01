import type { Operation } from '../../../shared/contract/operation.ts';
import type { Answer } from '../client.ts';
import { type Check, notChecked, type Outcome, verdict } from '../finding.ts';
import { deniedByGateway, described, inParallel, invalid, isLost, wasRead } from '../requests.ts';
import type { Keys } from '../sign.ts';
import { isGated, isSigned, type Subject } from '../subject.ts';
import { statement } from '../targets.ts';
import type { LetIn } from './let-in.ts';

/** Sessions of the same user that are gone stale. They may have to be waited for, so they come last. */
export const oldSessions = (subject: Subject, known: LetIn): readonly Check[] => {
  const gated = subject.operations.filter(isGated);
  return [
    {
      name: `refused: every gated route with a session whose MFA is old (${gated.length})`,
      standsFor: [statement('DenyUsersWithOldMfa')],
      gate: true,
      run: async () => {
        const controls = await letInto(known, gated);
        const old = await subject.old();
        return 'missing' in old ? notChecked(old.missing) : denied(subject, controls, old.keys);
      },
    },
    {
      name: 'let in: GET /v1/me with a session whose MFA is old',
      standsFor: [statement('DenyUsersWithOldMfa')],
      // Without it the session might be refused for any other reason.
      gate: true,
      run: async () => {
        const old = await subject.old();
        if ('missing' in old) return notChecked(old.missing);
        const sending = { method: 'GET', path: '/v1/me' };
        const answer = await subject.client.send(sending, old.keys);
        return verdict(answer.status !== 200 && described(sending, answer));
      },
    },
  ];
};

/** Principals that are neither users nor roles: a federated user is the one that a user can make. */
export const federatedUsers = (subject: Subject, known: LetIn): readonly Check[] => {
  const signed = subject.operations.filter(isSigned);
  return [
    {
      name: `refused: every route with a federated user's session (${signed.length})`,
      standsFor: [statement('DenyAllButUsersAndRoles')],
      gate: true,
      run: async () => {
        const { federated } = subject;
        if ('missing' in federated) return notChecked(federated.missing);
        return denied(subject, await letInto(known, signed), federated.keys);
      },
    },
  ];
};

/** Each operation, and whether the same user gets to it with recent MFA. */
type Controls = readonly (readonly [operation: Operation, isLetIn: boolean])[];

const letInto = ({ answerTo }: LetIn, operations: readonly Operation[]): Promise<Controls> =>
  inParallel(operations, async (operation) => [operation, wasRead(await answerTo(operation))] as const);

/** Refused by the gateway itself, wherever the same user is let in with recent MFA. */
async function denied({ client }: Subject, controls: Controls, keys: Keys): Promise<Outcome> {
  const results = await inParallel(controls, async ([operation, isLetIn]) => {
    const sending = invalid(operation);
    const answer = await client.send(sending, keys);
    return { text: described(sending, answer), answer, isLetIn };
  });
  const faults = results.filter(({ answer }) => isFault(answer)).map(({ text }) => text);
  if (faults.length > 0) return { faults };
  const unproven = results.filter(({ isLetIn, answer }) => !isLetIn || isLost(answer)).length;
  if (unproven === results.length) return notChecked('refused, but so is a session with recent MFA');
  return {
    faults: [],
    ...(unproven > 0 && { note: `${unproven} of them prove nothing: the user may not call those routes` }),
  };
}

const isFault = (answer: Answer): boolean => !isLost(answer) && !deniedByGateway(answer);
