import { samePerson } from './person-name.ts';
import type { Recovery, RecoveryFailure, RecoveryState, RemovedDevice } from './recovery.ts';
import { recoveryClosed, recoveryNotFound } from './refusals.ts';
import { assertNeitherRequesterNorSubject, assertNotSubject } from './separation-of-duties.ts';
import { hasCome, rfc3339 } from './time.ts';

/**
 * The life of a recovery. Every change of state follows the table `transitions`; whatever it lacks is refused.
 * docs/operate.md prints the table.
 */

interface Person {
  readonly by: string;
}
interface User {
  readonly userId: string;
}
type Nothing = Readonly<Record<string, never>>;

/** The input of each action. The audit uses the same names. */
interface Inputs {
  readonly ApproveRecovery: Person;
  readonly DenyRecovery: Person;
  readonly CancelRecovery: Person;
  readonly ObjectToRecovery: User;
  readonly ExpireRecovery: Nothing;
  readonly BeginExecution: Nothing;
  readonly BeginRemoval: { readonly devices: readonly RemovedDevice[] };
  readonly AwaitRevocation: Nothing;
  readonly ExecuteRecovery: Nothing;
  readonly FailRecovery: { readonly failure: RecoveryFailure };
  readonly EndRevocation: Nothing;
}

export type Action = keyof Inputs;
export type Input<A extends Action> = Inputs[A];

/** `text` is its wording in the documentation. */
interface Condition<I> {
  readonly text: string;
  readonly holds: (recovery: Recovery, input: I, now: number) => boolean;
}

interface Transition<I> {
  /** The next state, or `unchanged` if the action was done before: then nothing is written. */
  readonly to: RecoveryState | 'unchanged';
  readonly when?: Condition<I>;
}

/** Transitions by action. The first one whose condition holds is taken. */
type Row = { readonly [A in Action]?: readonly Transition<Inputs[A]>[] };

const approvedBefore: Condition<Person> = {
  text: 'they have already approved it',
  holds: ({ approvals }, { by }) => approvals.some((approval) => samePerson(approval.by, by)),
};
const approvalsMissing: Condition<unknown> = {
  text: 'it needs more approvals',
  holds: ({ approvals, approvalsNeeded }) => approvals.length + 1 < approvalsNeeded,
};
const approvalsComplete: Condition<unknown> = {
  text: 'it is the last approval needed',
  holds: ({ approvals, approvalsNeeded }) => approvals.length + 1 >= approvalsNeeded,
};
const objectedBefore: Condition<unknown> = {
  text: 'they have already objected',
  holds: ({ objectedAt }) => objectedAt !== undefined,
};
const firstObjection: Condition<unknown> = {
  text: 'it is their first objection',
  holds: ({ objectedAt }) => objectedAt === undefined,
};
const timeIsUp: Condition<unknown> = {
  text: '`expiresAt` has passed; takes effect at once, even before it is written',
  holds: ({ expiresAt }, _input, now) => hasCome(expiresAt, now),
};
const revocationIsOver: Condition<unknown> = {
  text: '`revokedUntil` has passed',
  holds: ({ revokedUntil }, _input, now) => hasCome(revokedUntil, now),
};

export const initialState: RecoveryState = 'requested';

/** State × action → next state. */
export const transitions: Readonly<Record<RecoveryState, Row>> = {
  requested: {
    ApproveRecovery: [
      { to: 'unchanged', when: approvedBefore },
      { to: 'requested', when: approvalsMissing },
      { to: 'approved', when: approvalsComplete },
    ],
    DenyRecovery: [{ to: 'denied' }],
    CancelRecovery: [{ to: 'cancelled' }],
    ObjectToRecovery: [{ to: 'objected', when: firstObjection }],
    ExpireRecovery: [{ to: 'expired', when: timeIsUp }],
  },
  objected: {
    ApproveRecovery: [
      { to: 'unchanged', when: approvedBefore },
      { to: 'objected', when: approvalsMissing },
      { to: 'approved', when: approvalsComplete },
    ],
    DenyRecovery: [{ to: 'denied' }],
    CancelRecovery: [{ to: 'cancelled' }],
    ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }],
    ExpireRecovery: [{ to: 'expired', when: timeIsUp }],
  },
  approved: {
    ApproveRecovery: [{ to: 'unchanged', when: approvedBefore }],
    DenyRecovery: [{ to: 'denied' }],
    CancelRecovery: [{ to: 'cancelled' }],
    ObjectToRecovery: [
      { to: 'unchanged', when: objectedBefore },
      { to: 'objected', when: firstObjection },
    ],
    BeginExecution: [{ to: 'executing' }],
    FailRecovery: [{ to: 'failed' }],
  },
  executing: {
    ApproveRecovery: [{ to: 'unchanged', when: approvedBefore }],
    ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }],
    BeginExecution: [{ to: 'unchanged' }],
    BeginRemoval: [{ to: 'executing' }],
    AwaitRevocation: [{ to: 'executing' }],
    ExecuteRecovery: [{ to: 'executed' }],
    FailRecovery: [{ to: 'failed' }],
  },
  executed: {
    ApproveRecovery: [{ to: 'unchanged', when: approvedBefore }],
    ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }],
    EndRevocation: [{ to: 'executed', when: revocationIsOver }],
  },
  denied: {
    DenyRecovery: [{ to: 'unchanged' }],
    ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }],
  },
  cancelled: {
    CancelRecovery: [{ to: 'unchanged' }],
    ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }],
  },
  expired: { ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }] },
  failed: { ObjectToRecovery: [{ to: 'unchanged', when: objectedBefore }] },
};

/** Who may take an action. `text` is its wording in the documentation. */
interface Actor<I> {
  readonly text: string;
  readonly assertMay: (recovery: Recovery, input: I) => void;
}

const approver: Actor<Person> = {
  text: 'an approver who is neither requester nor subject',
  assertMay: (recovery, { by }) => assertNeitherRequesterNorSubject(recovery, by),
};
const approverOrRequester: Actor<Person> = {
  text: 'an approver other than the subject',
  assertMay: (recovery, { by }) => assertNotSubject(recovery, by),
};
/** Identified by UserId, since a later user may have the same name. No one else learns that the recovery exists. */
const subject: Actor<User> = {
  text: 'the subject',
  assertMay: (recovery, { userId }) => {
    if (recovery.userId !== userId) throw recoveryNotFound();
  },
};
const service: Actor<unknown> = { text: '`execute-recoveries`', assertMay: () => undefined };

interface Rule<I> {
  readonly actor: Actor<I>;
  /** For the documentation: when the service takes the action. */
  readonly occasion?: string;
  /** What is written along with the next state. */
  readonly notes: (recovery: Recovery, input: I, now: number, next: RecoveryState) => Notes;
}

type Notes = Partial<Omit<Recovery, 'state' | 'version'>>;

/** Milliseconds after which STS certainly no longer accepts a removed device; it takes about 14 s. */
const settleMillis = 60_000;
/** The longest session that STS gives a user. Source: STS API reference, GetSessionToken. */
const longestSessionMillis = 129_600_000;

const closed = (_recovery: Recovery, { by }: Person, now: number): Notes => ({
  closedBy: by,
  closedAt: rfc3339(now),
  dueAt: undefined,
});

export const rules: { readonly [A in Action]: Rule<Inputs[A]> } = {
  ApproveRecovery: {
    actor: approver,
    notes: ({ approvals }, { by }, now, next) => ({
      approvals: [...approvals, { by, at: rfc3339(now) }],
      ...(next === 'approved' && { dueAt: rfc3339(now) }),
    }),
  },
  DenyRecovery: { actor: approver, notes: closed },
  // Cancelling is no judgement, so the requester may do it too.
  CancelRecovery: { actor: approverOrRequester, notes: closed },
  // An objection does not end the recovery: it may come from the subject, or from a thief of their access key.
  ObjectToRecovery: {
    actor: subject,
    notes: ({ approvalsNeeded, expiresAt }, _input, now) => ({
      objectedAt: rfc3339(now),
      approvalsNeeded: approvalsNeeded + 1,
      dueAt: expiresAt,
    }),
  },
  ExpireRecovery: { actor: service, notes: () => ({ dueAt: undefined }) },
  BeginExecution: { actor: service, occasion: 'the execution starts', notes: () => ({}) },
  BeginRemoval: {
    actor: service,
    occasion: 'devices are about to be removed; from here on nothing is undone',
    notes: ({ removalBegunAt, removedDevices = [] }, { devices }, now) => ({
      removalBegunAt: removalBegunAt ?? rfc3339(now),
      removedDevices: [...removedDevices, ...devices],
      // What has been revoked so far does not cover sessions of these devices.
      revokeAfter: undefined,
    }),
  },
  AwaitRevocation: {
    actor: service,
    occasion: 'sessions have to be revoked: devices were deactivated, but STS may accept them for a while',
    notes: (_recovery, _input, now) => {
      const revokeAfter = rfc3339(now + settleMillis);
      return { revokeAfter, dueAt: revokeAfter };
    },
  },
  ExecuteRecovery: {
    actor: service,
    occasion: 'every step is done',
    notes: ({ revokeAfter }, _input, now) => {
      const executed = { executedAt: rfc3339(now), dueAt: undefined };
      if (revokeAfter === undefined) return executed;
      // By then every session issued before has expired.
      const revokedUntil = rfc3339(now + longestSessionMillis);
      return { ...executed, revokedUntil, dueAt: revokedUntil };
    },
  },
  FailRecovery: {
    actor: service,
    occasion: 'it cannot be completed; `failure` says why',
    notes: (_recovery, { failure }) => ({ failure, dueAt: undefined }),
  },
  EndRevocation: { actor: service, notes: () => ({ revokedUntil: undefined, dueAt: undefined }) },
};

/**
 * The next version of a recovery, or the recovery itself if the action was done before. Throws `separation-of-duties`,
 * `recovery-not-found` if the subject is another user, and `recovery-closed` if the table does not have the action.
 */
export function transition<A extends Action>(
  recovery: Recovery,
  action: A,
  input: Inputs[A],
  now: number,
): Recovery {
  const { actor, notes } = rules[action];
  actor.assertMay(recovery, input);
  const next = nextState(recovery, action, input, now);
  if (next === undefined)
    throw recoveryClosed(`The recovery is ${stateAt(recovery, now)}, so this is no longer possible.`);
  if (next === 'unchanged') return recovery;
  return { ...nextVersion(recovery, notes(recovery, input, now, next)), state: next };
}

/** Whether the table permits the action, regardless of who takes it. */
export const permits = <A extends Action>(
  recovery: Recovery,
  action: A,
  input: Inputs[A],
  now: number,
): boolean => nextState(recovery, action, input, now) !== undefined;

/** The effective state, whether or not an expiry has been written. */
export const stateAt = (recovery: Recovery, now: number): RecoveryState =>
  permits(recovery, 'ExpireRecovery', {}, now) ? 'expired' : recovery.state;

/** The next version, in the same state. */
export const nextVersion = (recovery: Recovery, change: Notes): Recovery => ({
  ...recovery,
  ...change,
  version: recovery.version + 1,
});

function nextState<A extends Action>(
  recovery: Recovery,
  action: A,
  input: Inputs[A],
  now: number,
): Transition<Inputs[A]>['to'] | undefined {
  // Expiry itself starts from the written state; for any other action the recovery expires when its time is up.
  const state = action === 'ExpireRecovery' ? recovery.state : stateAt(recovery, now);
  const possible: readonly Transition<Inputs[A]>[] = transitions[state][action] ?? [];
  return possible.find(({ when }) => when === undefined || when.holds(recovery, input, now))?.to;
}
