import type { RecoveryDetail, ServiceEvent } from '../contract/events/schemas.ts';
import { bearsOut } from '../recoveries/bears-out.ts';
import type { RecoveryStore } from '../recoveries/ports.ts';
import type { Recovery } from '../recoveries/recovery.ts';
import { isMailAddress } from './mail-address.ts';
import { noticeOf } from './notice-words.ts';
import type { Addressees, Mailer } from './ports.ts';

export interface NoticeContext {
  readonly addressees: Addressees;
  readonly recoveries: Pick<RecoveryStore, 'get'>;
  /** Undefined if no sender is configured. */
  readonly mailer: Mailer | undefined;
  /** Whom users should call. */
  readonly contact: string;
}

/**
 * Whether a notice was sent, or why not. `undone`: an error came after a change of a recovery, and the table shows that
 * it did not go through. `refuted`: the table has no such recovery, or one to which this did not happen, though the
 * event says that it is done.
 */
export type NoticeEnd =
  | 'sent'
  | 'no-notice'
  | 'no-sender'
  | 'undone'
  | 'refuted'
  | 'user-gone'
  | 'another-user'
  | 'no-address'
  | 'bad-address';

/**
 * E-mails the subject of an event, unless the user is gone, the name now belongs to another user, or there is no valid
 * address in their tags. What a mail says of a recovery is read from the table. Throws a `Problem` if the recovery or
 * the user could not be looked up or the e-mail not be sent.
 */
export async function notify(event: ServiceEvent, context: NoticeContext): Promise<NoticeEnd> {
  const { addressees, mailer, contact, recoveries } = context;
  if (noticeOf(event, contact) === undefined) return 'no-notice';
  if (mailer === undefined) return 'no-sender';
  const confirmed = await confirm(event, recoveries);
  const notice = confirmed && noticeOf(confirmed, contact);
  if (confirmed === undefined || notice === undefined)
    return event.detail.result === 'done' ? 'refuted' : 'undone';
  const { userName, userId } = confirmed.detail.subject;
  const user = await addressees.find(userName);
  if (user === undefined) return 'user-gone';
  if (user.userId !== userId) return 'another-user';
  if (user.email === undefined || user.email === '') return 'no-address';
  if (!isMailAddress(user.email)) return 'bad-address';
  await mailer.send({ to: user.email, ...notice });
  return 'sent';
}

/** The event, with what the table says of its recovery; undefined if the table does not bear it out. */
async function confirm(
  event: ServiceEvent,
  recoveries: NoticeContext['recoveries'],
): Promise<ServiceEvent | undefined> {
  if (!isOfRecovery(event)) return event;
  const recovery = await recoveries.get(event.detail.recovery.id);
  if (recovery === undefined || !bearsOut(recovery, event['detail-type'])) return undefined;
  return { ...event, detail: withFacts(event.detail, recovery) };
}

type OfRecovery = Extract<ServiceEvent, { readonly detail: RecoveryDetail }>;

const isOfRecovery = (event: ServiceEvent): event is OfRecovery => !('device' in event.detail);

const withFacts = (detail: RecoveryDetail, recovery: Recovery): RecoveryDetail => {
  const { userName, userId, reason, requestedBy, ticket, removedDevices = [] } = recovery;
  return {
    ...detail,
    subject: { userName, userId },
    recovery: {
      ...detail.recovery,
      reason,
      requestedBy,
      ticket: { system: ticket.system, id: ticket.id },
      removedDevices: [...removedDevices],
    },
  };
};
