import type { Sending } from '../client.ts';
import { filled } from '../requests.ts';
import type { Keys } from '../sign.ts';
import type { Subject } from '../subject.ts';
import { call, json, type Made, problem, type Step, type Steps, succeeds } from './steps.ts';

/** What a user can do about recoveries that do not exist. */
export const ownRecoveries: Steps = ({ longTerm }) => [
  {
    operation: 'list-my-recoveries',
    does: 'lists recoveries of one’s own devices',
    keys: longTerm,
    sending: call('GET', '/v1/me/recoveries'),
    expects: succeeds(200, ({ items }) => Array.isArray(items)),
  },
  {
    operation: 'object-to-recovery',
    does: 'cannot object to a recovery that does not exist',
    keys: longTerm,
    sending: call('PUT', filled('/v1/me/recoveries/{recoveryId}/objection')),
    expects: problem(404, 'recovery-not-found'),
  },
];

/** What an auditor sees. */
export const auditing: Steps = ({ staff, me }) => [
  {
    operation: 'list-users',
    does: 'lists users',
    keys: staff.auditor,
    sending: call('GET', '/v1/users'),
    expects: succeeds(200, ({ items }) => Array.isArray(items)),
    settles: true,
  },
  {
    operation: 'list-user-mfa-devices',
    does: 'lists the devices of the user',
    keys: staff.auditor,
    sending: call('GET', `/v1/users/${me.userName}/mfa-devices`),
    expects: succeeds(200, ({ items }) => Array.isArray(items)),
  },
];

const missing = 'give --agent-profile and --approver-profile';
const nothing = 'there is no recovery to do it with';

/**
 * Recoveries of the user's own devices, requested and closed. None can be executed: the user objects, so that it takes
 * two approvals, and at most one is given.
 */
export const helpDesk: Steps = ({ staff, longTerm, me }) => {
  const agent = staff['recovery-agent'];
  const approver = staff['recovery-approver'];
  if (agent === undefined || approver === undefined) return leftOut;
  return [
    asks(agent, me, 0, 'asks for a recovery'),
    asks(agent, me, 1, 'asks for another one'),
    reads(agent, 'an agent reads it'),
    reads(approver, 'an approver reads it'),
    lists(agent, 'list-recoveries', '/v1/recoveries?limit=1000', 'an agent finds it'),
    lists(approver, 'list-recoveries', '/v1/recoveries?limit=1000', 'an approver finds it'),
    lists(longTerm, 'list-my-recoveries', '/v1/me/recoveries?limit=1000', 'the user finds it'),
    objects(longTerm),
    approves(approver),
    closes(approver, 0, 'deny-recovery', 'denial', 'denied'),
    closes(approver, 1, 'cancel-recovery', 'cancellation', 'cancelled'),
    {
      operation: 'issue-enrolment-pass',
      does: 'there is no pass for a recovery that was denied',
      keys: approver,
      sending: about(0, 'POST', '/v1/recoveries/{recoveryId}/enrolment-pass'),
      expects: problem(409, 'recovery-closed'),
    },
  ];
};

/** Without it, the approval would be enough. */
const objects = (keys: Keys): Step => ({
  operation: 'object-to-recovery',
  does: 'the user objects to it',
  keys,
  sending: about(0, 'PUT', '/v1/me/recoveries/{recoveryId}/objection'),
  expects: succeeds(200, ({ state, approvalsNeeded = 0 }, made) => {
    made.mayBeApproved = state === 'objected' && approvalsNeeded > 1;
    return made.mayBeApproved;
  }),
});

const approves = (keys: Keys): Step => ({
  operation: 'approve-recovery',
  does: 'one approver approves it, which is not enough',
  keys,
  sending: (made) =>
    made.mayBeApproved
      ? about(0, 'PUT', '/v1/recoveries/{recoveryId}/approval')(made)
      : 'nobody objected, so that it would be executed',
  expects: succeeds(200, ({ state, approvals }) => state === 'objected' && approvals?.length === 1),
});

const about =
  (index: number, method: string, path: string) =>
  ({ recoveries }: Made): Sending | string => {
    const id = recoveries[index];
    return id === undefined ? nothing : { method, path: path.replace('{recoveryId}', id) };
  };

const asks = (keys: Keys, me: Subject['me'], index: number, does: string): Step => ({
  operation: 'request-recovery',
  does,
  keys,
  sending: ({ tickets }) => ({
    method: 'POST',
    path: '/v1/recoveries',
    ...json({ ticket: { system: 'verify', id: tickets[index] }, userName: me.userName, reason: 'lost' }),
  }),
  expects: succeeds(201, ({ id, state }, made) => {
    if (id !== undefined) made.recoveries[index] = id;
    return state === 'requested';
  }),
});

const reads = (keys: Keys, does: string): Step => ({
  operation: 'get-recovery',
  does,
  keys,
  sending: about(0, 'GET', '/v1/recoveries/{recoveryId}'),
  expects: succeeds(200, ({ id, state }, { recoveries }) => id === recoveries[0] && state === 'requested'),
});

const lists = (keys: Keys, operation: string, path: string, does: string): Step => ({
  operation,
  does,
  keys,
  sending: ({ recoveries }) => (recoveries[0] === undefined ? nothing : { method: 'GET', path }),
  expects: succeeds(
    200,
    ({ items }, { recoveries }) => items?.some(({ id }) => id === recoveries[0]) === true,
  ),
  settles: true,
});

const closes = (keys: Keys, index: number, operation: string, way: string, state: string): Step => ({
  operation,
  does: `an approver closes ${index === 0 ? 'it' : 'the other one'}: ${way}`,
  keys,
  sending: about(index, 'PUT', `/v1/recoveries/{recoveryId}/${way}`),
  expects: succeeds(200, (content, made) => {
    const isClosed = content.state === state;
    if (isClosed) made.closed.add(index);
    return isClosed;
  }),
});

/** The operations, for the report. */
const leftOut: readonly Step[] = [
  'request-recovery',
  'get-recovery',
  'list-recoveries',
  'approve-recovery',
  'deny-recovery',
  'cancel-recovery',
  'issue-enrolment-pass',
].map((operation) => ({
  operation,
  does: operation,
  keys: undefined,
  sending: () => missing,
  expects: () => false,
}));
