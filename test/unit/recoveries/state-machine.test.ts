import { describe, expect, it } from 'vitest';
import { isProblem } from '../../../shared/contract/problem.ts';
import type { Recovery, RecoveryState } from '../../../shared/recoveries/recovery.ts';
import { approve, cancel, deny, objectTo, stateAt } from '../../../shared/recoveries/state-machine.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';

const now = requestedAt + 60_000;
const nowText = new Date(now).toISOString();
const approvedBy = (...names: readonly string[]) => names.map((by) => ({ by, at: nowText }));

/** Two approvals are needed; pat's is there, and pia's too where it got on. Ann asked for bob. */
const gotOn: ReadonlySet<RecoveryState> = new Set(['approved', 'executing', 'executed', 'failed']);
const inState = (state: RecoveryState): Recovery =>
  sampleRecovery({
    state,
    approvalsNeeded: 2,
    approvals: gotOn.has(state) ? approvedBy('pat', 'pia') : approvedBy('pat'),
    ...(state === 'objected' && { objectedAt: nowText }),
  });

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
type Result = RecoveryState | 'same' | 'recovery-closed' | 'separation-of-duties';

function resultOf(decide: () => Recovery, before: Recovery): Result | unknown {
  try {
    const after = decide();
    if (after === before) return 'same';
    return after.version === before.version + 1 ? after.state : 'another version';
  } catch (error) {
    return isProblem(error) ? error.code : error;
  }
}

const decisions = {
  approve: (recovery: Recovery, by: string) => approve(recovery, { by, now }),
  deny: (recovery: Recovery, by: string) => deny(recovery, { by, now }),
  cancel: (recovery: Recovery, by: string) => cancel(recovery, { by, now }),
  object: (recovery: Recovery) => objectTo(recovery, now),
};

const closed = 'recovery-closed';
const duties = 'separation-of-duties';
const nine = <T>(result: T) => states.map(() => result);

/** What comes of it in each of the states above, in their order. */
const table: readonly (readonly [keyof typeof decisions, string, string, readonly Result[]])[] = [
  ['approve', 'an approver', 'max', ['approved', 'approved', ...Array(7).fill(closed)]],
  ['approve', 'an approver again', 'pat', [...Array(5).fill('same'), ...Array(4).fill(closed)]],
  ['approve', 'an approver again in other case', 'PAT', [...Array(5).fill('same'), ...Array(4).fill(closed)]],
  ['approve', 'the requester', 'ann', nine(duties)],
  ['approve', 'the requester in other case', 'Ann', nine(duties)],
  ['approve', 'the subject', 'bob', nine(duties)],
  ['approve', 'the subject in other case', 'BOB', nine(duties)],
  ['approve', 'the subject with spaces', ' bob ', nine(duties)],
  ['approve', 'the subject in full-width letters', 'ｂｏｂ', nine(duties)],
  [
    'deny',
    'an approver',
    'max',
    ['denied', 'denied', 'denied', closed, closed, 'same', ...Array(3).fill(closed)],
  ],
  [
    'deny',
    'who approved',
    'pat',
    ['denied', 'denied', 'denied', closed, closed, 'same', ...Array(3).fill(closed)],
  ],
  ['deny', 'the requester', 'ann', nine(duties)],
  ['deny', 'the subject', 'bob', nine(duties)],
  ['deny', 'the subject in other case', 'BOB', nine(duties)],
  [
    'cancel',
    'an approver',
    'max',
    [...Array(3).fill('cancelled'), closed, closed, closed, 'same', closed, closed],
  ],
  [
    'cancel',
    'the requester',
    'ann',
    [...Array(3).fill('cancelled'), closed, closed, closed, 'same', closed, closed],
  ],
  ['cancel', 'the subject', 'bob', nine(duties)],
  ['cancel', 'the subject in other case', 'BOB', nine(duties)],
  ['object', 'the subject', 'bob', ['objected', 'same', 'objected', ...Array(6).fill(closed)]],
];

const rows = table.flatMap(([what, who, name, results]) =>
  states.map((state, index) => ({ what, who, name, state, result: results[index] })),
);

describe('the rules of a recovery', () => {
  it.each(rows)('$what by $who when it is $state: $result', ({ what, name, state, result }) => {
    const before = inState(state);

    expect(resultOf(() => decisions[what](before, name), before)).toBe(result);
  });

  it.each(['approve', 'deny', 'cancel', 'object'] as const)('%s nothing that has expired', (what) => {
    const before = sampleRecovery({ expiresAt: nowText });

    expect(resultOf(() => decisions[what](before, 'pat'), before)).toBe(closed);
  });
});

describe('an approval', () => {
  it('is not enough where two are needed, and the second is', () => {
    const first = approve(sampleRecovery({ approvalsNeeded: 2 }), { by: 'pat', now });
    const second = approve(first, { by: 'pia', now: now + 1000 });

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
    expect(approve(sampleRecovery(), { by: 'pat', now })).toMatchObject({
      state: 'approved',
      dueAt: nowText,
    });
  });

  it('does not count twice, however the name is written', () => {
    const first = approve(sampleRecovery({ approvalsNeeded: 2 }), { by: 'pat', now });

    expect(approve(first, { by: 'Pat ', now })).toBe(first);
  });
});

describe('an objection', () => {
  it('takes one more approval, by somebody else', () => {
    const approved = approve(sampleRecovery(), { by: 'pat', now });
    const objected = objectTo(approved, now);
    const again = approve(objected, { by: 'pat', now });
    const byAnother = approve(again, { by: 'pia', now });

    expect(objected).toMatchObject({ approvalsNeeded: 2, objectedAt: nowText, dueAt: objected.expiresAt });
    expect(again).toBe(objected);
    expect(byAnother.state).toBe('approved');
  });

  it('takes no third one when it is repeated after the second approval', () => {
    const objected = objectTo(sampleRecovery(), now);
    const approved = approve(approve(objected, { by: 'pat', now }), { by: 'pia', now });

    expect(objectTo(approved, now)).toBe(approved);
  });
});

describe('an end', () => {
  it.each([
    ['denied', deny],
    ['cancelled', cancel],
  ] as const)('%s leaves nothing to be done, and tells who it was', (state, decide) => {
    const ended = decide(sampleRecovery({ state: 'approved' }), { by: 'pat', now });

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
