import type {
  DetailType,
  NoticeEvent,
  OutcomeEvent,
  RecoveryEvent,
} from '../contract/events/detail-types.ts';
import type { Recovery } from './recovery.ts';

/** Events that someone outside is told of. */
type ToldEvent = Extract<NoticeEvent | OutcomeEvent, RecoveryEvent>;

type Fact = (recovery: Recovery) => boolean;

const inState =
  (state: Recovery['state']): Fact =>
  (recovery) =>
    recovery.state === state;

const facts: Readonly<Partial<Record<DetailType, Fact>>> = {
  'MFA Recovery Requested': () => true,
  'MFA Recovery Approved': ({ approvals }) => approvals.length > 0,
  'MFA Recovery Denied': inState('denied'),
  'MFA Recovery Cancelled': inState('cancelled'),
  'MFA Recovery Objected': ({ objectedAt }) => objectedAt !== undefined,
  'MFA Recovery Expired': inState('expired'),
  'MFA Recovery Executed': inState('executed'),
  'MFA Recovery Failed': inState('failed'),
  'MFA Enrolment Pass Issued': inState('executed'),
} satisfies Record<ToldEvent, Fact>;

/**
 * Whether what an event says has happened to this recovery, going by the table alone: an event may be forged, or tell
 * of a change that did not go through. Once true it stays true, so it does not matter how late an event comes. False
 * for events that nobody is told of.
 */
export const bearsOut = (recovery: Recovery, event: DetailType): boolean => facts[event]?.(recovery) ?? false;
