import type { ServiceEvent } from '../contract/events/schemas.ts';
import { isMailAddress } from './mail-address.ts';
import { noticeOf } from './notice-words.ts';
import type { Addressees, Mailer } from './ports.ts';

export interface NoticeContext {
  readonly addressees: Addressees;
  /** Undefined where no sender is configured. */
  readonly mailer: Mailer | undefined;
  /** Whom users are to call. */
  readonly contact: string;
}

/** What became of a notice, or why there is none. */
export type NoticeEnd =
  | 'sent'
  | 'no-notice'
  | 'no-sender'
  | 'user-gone'
  | 'another-user'
  | 'no-address'
  | 'bad-address';

/**
 * Writes an e-mail to the subject of an event. To nobody where there is no such user any more, or another one of the same
 * name, or no address in his tags. Throws a `Problem` where that could not be found out, or the e-mail not be sent.
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
