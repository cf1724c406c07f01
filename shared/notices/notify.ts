import type { ServiceEvent } from '../contract/events/schemas.ts';
import { isMailAddress } from './mail-address.ts';
import { noticeOf } from './notice-words.ts';
import type { Addressees, Mailer } from './ports.ts';

export interface NoticeContext {
  readonly addressees: Addressees;
  /** Undefined if no sender is configured. */
  readonly mailer: Mailer | undefined;
  /** Whom users should call. */
  readonly contact: string;
}

/** Whether a notice was sent, or why not. */
export type NoticeEnd =
  | 'sent'
  | 'no-notice'
  | 'no-sender'
  | 'user-gone'
  | 'another-user'
  | 'no-address'
  | 'bad-address';

/**
 * E-mails the subject of an event, unless the user is gone, the name now belongs to another user, or there is no valid
 * address in their tags. Throws a `Problem` if the user could not be looked up or the e-mail not be sent.
 */
export async function notify(event: ServiceEvent, context: NoticeContext): Promise<NoticeEnd> {
  const { addressees, mailer, contact } = context;
  const notice = noticeOf(event, contact);
  if (notice === undefined) return 'no-notice';
  if (mailer === undefined) return 'no-sender';
  const { userName, userId } = event.detail.subject;
  const user = await addressees.find(userName);
  if (user === undefined) return 'user-gone';
  if (user.userId !== userId) return 'another-user';
  if (user.email === undefined || user.email === '') return 'no-address';
  if (!isMailAddress(user.email)) return 'bad-address';
  await mailer.send({ to: user.email, ...notice });
  return 'sent';
}
