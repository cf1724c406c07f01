import { describe, expect, it } from 'vitest';
import { isProblem } from '../../../shared/contract/problem.ts';
import type { Recovery, RecoveryState } from '../../../shared/recoveries/recovery.ts';
import {
  type Action,
  rules,
  stateAt,
  transition,
  transitions,
} from '../../../shared/recoveries/state-machine.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';

const now = requestedAt + 60_000;
const nowText = new Date(now).toISOString();
const approvedBy = (...names: readonly string[]) => names.map((by) => ({ by, at: nowText }));

const approve = (recovery: Recovery, by: string, at = now) =>
  transition(recovery, 'ApproveRecovery', { by }, at);
const deny = (recovery: Recovery, by: string) => transition(recovery, 'DenyRecovery', { by }, now);
const cancel = (recovery: Recovery, by: string) => transition(recovery, 'CancelRecovery', { by }, now);
const objectTo = (recovery: Recovery) =>
  transition(recovery, 'ObjectToRecovery', { userId: recovery.userId }, now);

/** Every action, done by whoever may do it. */
const actions: Readonly<Record<Action, (recovery: Recovery, by?: string) => Recovery>> = {
  ApproveRecovery: (recovery, by = 'max') => approve(recovery, by),
  DenyRecovery: (recovery, by = 'max') => deny(recovery, by),
  CancelRecovery: (recovery, by = 'max') => cancel(recovery, by),
  ObjectToRecovery: objectTo,
  ExpireRecovery: (recovery) => transition(recovery, 'ExpireRecovery', {}, now),
  BeginExecution: (recovery) => transition(recovery, 'BeginExecution', {}, now),
  BeginRemoval: (recovery) => transition(recovery, 'BeginRemoval', { devices: [] }, now),
  AwaitRevocation: (recovery) => transition(recovery, 'AwaitRevocation', {}, now),
  ExecuteRecovery: (recovery) => transition(recovery, 'ExecuteRecovery', {}, now),
  FailRecovery: (recovery) => transition(recovery, 'FailRecovery', { failure: 'user-changed' }, now),
  EndRevocation: (recovery) => transition(recovery, 'EndRevocation', {}, now),
};
const actionNames = Object.keys(rules) as readonly Action[];

/** Two approvals are needed; pat's is there, and pia's too where it got on. Ann asked for bob. */
const gotOn: ReadonlySet<RecoveryState> = new Set(['approved', 'executing', 'executed', 'failed']);
const inState = (state: RecoveryState, overrides: Partial<Recovery> = {}): Recovery =>
  sampleRecovery({
    state,
    approvalsNeeded: 2,
    approvals: gotOn.has(state) ? approvedBy('pat', 'pia') : approvedBy('pat'),
    ...(state === 'objected' && { objectedAt: nowText }),
    ...overrides,
  });

/** In the order of the rows below. */
const states = [
  'requested',
  'objected',
  'approved',
  'executing',
  'executed',
  'denied',
  'cancelled',
  'expired',
  'failed',
] as const satisfies readonly RecoveryState[];

/** The state after it, that nothing changes, or why not. */
type Result = RecoveryState | 'unchanged' | 'recovery-closed' | 'separation-of-duties';

function resultOf(decide: () => Recovery, before: Recovery): Result | unknown {
  try {
    const after = decide();
    if (after === before) return 'unchanged';
    return after.version === before.version + 1 ? after.state : 'another version';
  } catch (error) {
    return isProblem(error) ? error.code : error;
  }
}

const closed = 'recovery-closed';
const duties = 'separation-of-duties';

const nine = <T>(result: T) => states.map(() => result);
const unlessIn = (results: Readonly<Partial<Record<RecoveryState, Result>>>) =>
  states.map((state) => results[state] ?? closed);

const approvedAgain: readonly Result[] = [...Array(5).fill('unchanged'), ...Array(4).fill(closed)];
const denial = unlessIn({ requested: 'denied', objected: 'denied', approved: 'denied', denied: 'unchanged' });
const cancellation = unlessIn({
  ...{ requested: 'cancelled', objected: 'cancelled', approved: 'cancelled' },
  cancelled: 'unchanged',
});

/** What comes of it in each of the states above, in their order. */
const table: readonly (readonly [Action, string, string, readonly Result[]])[] = [
  ['ApproveRecovery', 'an approver', 'max', unlessIn({ requested: 'approved', objected: 'approved' })],
  ['ApproveRecovery', 'an approver again', 'pat', approvedAgain],
  ['ApproveRecovery', 'an approver again in other case', 'PAT', approvedAgain],
  ['ApproveRecovery', 'the requester', 'ann', nine(duties)],
  ['ApproveRecovery', 'the requester in other case', 'Ann', nine(duties)],
  ['ApproveRecovery', 'the subject', 'bob', nine(duties)],
  ['ApproveRecovery', 'the subject in other case', 'BOB', nine(duties)],
  ['ApproveRecovery', 'the subject with spaces', ' bob ', nine(duties)],
  ['ApproveRecovery', 'the subject in full-width letters', 'ｂｏｂ', nine(duties)],
  ['DenyRecovery', 'an approver', 'max', denial],
  ['DenyRecovery', 'who approved', 'pat', denial],
  ['DenyRecovery', 'the requester', 'ann', nine(duties)],
  ['DenyRecovery', 'the subject', 'bob', nine(duties)],
  ['DenyRecovery', 'the subject in other case', 'BOB', nine(duties)],
  ['CancelRecovery', 'an approver', 'max', cancellation],
  ['CancelRecovery', 'the requester', 'ann', cancellation],
  ['CancelRecovery', 'the subject', 'bob', nine(duties)],
  ['CancelRecovery', 'the subject in other case', 'BOB', nine(duties)],
  [
    'ObjectToRecovery',
    'the subject',
    'bob',
    unlessIn({ requested: 'objected', objected: 'unchanged', approved: 'objected' }),
  ],
  ['ExpireRecovery', 'the service', '', nine(closed)],
  ['BeginExecution', 'the service', '', unlessIn({ approved: 'executing', executing: 'unchanged' })],
  ['BeginRemoval', 'the service', '', unlessIn({ executing: 'executing' })],
  ['AwaitRevocation', 'the service', '', unlessIn({ executing: 'executing' })],
  ['ExecuteRecovery', 'the service', '', unlessIn({ executing: 'executed' })],
  ['FailRecovery', 'the service', '', unlessIn({ approved: 'failed', executing: 'failed' })],
  ['EndRevocation', 'the service', '', nine(closed)],
];

const rows = table.flatMap(([action, who, name, results]) =>
  states.map((state, index) => ({ action, who, name, state, result: results[index] })),
);

describe('the rules of a recovery', () => {
  it.each(rows)('$action by $who when it is $state: $result', ({ action, name, state, result }) => {
    const before = inState(state);

    expect(resultOf(() => actions[action](before, name), before)).toBe(result);
  });

  it.each(['ApproveRecovery', 'DenyRecovery', 'CancelRecovery', 'ObjectToRecovery'] as const)(
    '%s: not once it has expired',
    (action) => {
      const before = sampleRecovery({ expiresAt: nowText });

      expect(resultOf(() => actions[action](before, 'pat'), before)).toBe(closed);
    },
  );

  it.each(states.slice(1))('an objection that was made before may be repeated when it is %s', (state) => {
    const before = inState(state, { objectedAt: nowText });

    expect(objectTo(before)).toBe(before);
  });

  it.each([
    ['ExpireRecovery', { requested: 'expired', objected: 'expired' }],
    ['EndRevocation', { executed: 'executed' }],
  ] as const)('%s: once its time has come', (action, results) => {
    const befores = states.map((state) => inState(state, { expiresAt: nowText, revokedUntil: nowText }));

    expect(befores.map((before) => resultOf(() => actions[action](before), before))).toEqual(
      unlessIn(results),
    );
  });
});

/** Recoveries in one state that differ in all that the table asks for. */
const variants: readonly Partial<Recovery>[] = [
  {},
  { approvals: approvedBy('max') },
  { approvalsNeeded: 9 },
  { objectedAt: nowText },
  { expiresAt: nowText },
  { revokedUntil: nowText },
];

const cells = states.flatMap((state) =>
  actionNames.map((action) => {
    const possible = transitions[state][action]?.map(({ to }) => to) ?? [];
    return { state, action, possible, outcome: possible.join(' or ') || 'refused' };
  }),
);

describe('the table of transitions', () => {
  it.each(cells)('$action when it is $state: $outcome, and nothing else', ({ state, action, possible }) => {
    const befores = variants
      .map((variant) => inState(state, variant))
      .filter((before) => action === 'ExpireRecovery' || stateAt(before, now) === state);

    const results = new Set(befores.map((before) => resultOf(() => actions[action](before), before)));

    results.delete(closed);
    expect([...results].sort()).toEqual([...possible].sort());
  });
});

describe('an approval', () => {
  it('is not enough where two are needed, and the second is', () => {
    const first = approve(sampleRecovery({ approvalsNeeded: 2 }), 'pat');
    const second = approve(first, 'pia', now + 1000);

    expect(first).toMatchObject({ state: 'requested', approvals: approvedBy('pat'), dueAt: first.expiresAt });
    expect(second).toMatchObject({
      state: 'approved',
      approvals: [
        { by: 'pat', at: nowText },
        { by: 'pia', at: new Date(now + 1000).toISOString() },
      ],
    });
  });

  it('makes the execution due at once', () => {
    expect(approve(sampleRecovery(), 'pat')).toMatchObject({
      state: 'approved',
      dueAt: nowText,
    });
  });

  it('does not count twice, however the name is written', () => {
    const first = approve(sampleRecovery({ approvalsNeeded: 2 }), 'pat');

    expect(approve(first, 'Pat ')).toBe(first);
  });
});

describe('an objection', () => {
  it('takes one more approval, by somebody else', () => {
    const approved = approve(sampleRecovery(), 'pat');
    const objected = objectTo(approved);
    const again = approve(objected, 'pat');
    const byAnother = approve(again, 'pia');

    expect(objected).toMatchObject({ approvalsNeeded: 2, objectedAt: nowText, dueAt: objected.expiresAt });
    expect(again).toBe(objected);
    expect(byAnother.state).toBe('approved');
  });

  it('takes no third one when it is repeated after the second approval', () => {
    const objected = objectTo(sampleRecovery());
    const approved = approve(approve(objected, 'pat'), 'pia');

    expect(objectTo(approved)).toBe(approved);
  });
});

describe('the removal of devices', () => {
  const device = { serialNumber: 'GAHT00000001', addedSinceRequest: true };
  const begin = (recovery: Recovery, at = now) =>
    transition(recovery, 'BeginRemoval', { devices: [device] }, at);

  it('is noted from when it began, with all devices that were ever taken', () => {
    const first = begin(inState('executing'));
    const second = begin(first, now + 1000);

    expect(first).toMatchObject({ removalBegunAt: nowText, removedDevices: [device] });
    expect(second).toMatchObject({ removalBegunAt: nowText, removedDevices: [device, device] });
  });

  it('makes a revocation of before too early', () => {
    const settling = transition(inState('executing'), 'AwaitRevocation', {}, now);

    expect(settling.revokeAfter).toBe(new Date(now + 60_000).toISOString());
    expect(begin(settling).revokeAfter).toBeUndefined();
    expect(transition(settling, 'AwaitRevocation', {}, now + 1000)).toMatchObject({
      revokeAfter: new Date(now + 61_000).toISOString(),
      dueAt: new Date(now + 61_000).toISOString(),
    });
  });
});

describe('an end', () => {
  it.each([
    ['denied', deny],
    ['cancelled', cancel],
  ] as const)('%s leaves nothing to be done, and tells who it was', (state, decide) => {
    const ended = decide(sampleRecovery({ state: 'approved' }), 'pat');

    expect(ended).toMatchObject({ state, closedBy: 'pat', closedAt: nowText });
    expect(ended.dueAt).toBeUndefined();
  });

  it('comes with the expiry of what waits for approval, and not of what is approved', () => {
    const states = ['requested', 'objected', 'approved', 'executing', 'executed'] as const;
    const after = Date.parse(sampleRecovery().expiresAt);

    expect(states.map((state) => stateAt(sampleRecovery({ state }), after - 1))).toEqual(states);
    expect(states.map((state) => stateAt(sampleRecovery({ state }), after))).toEqual([
      'expired',
      'expired',
      'approved',
      'executing',
      'executed',
    ]);
  });
});
