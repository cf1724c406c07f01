import { addressees } from '../shared/aws/addressees.ts';
import { mailer } from '../shared/aws/mail.ts';
import { env } from '../shared/env.ts';
import { notify } from '../shared/events/notice.ts';
import { receivedEvent } from '../shared/events/received.ts';
import { serviceEvent } from '../shared/events/schemas.ts';
import { log } from '../shared/log.ts';
import { noticeEnv } from '../shared/notice-env.ts';
import { scheduled } from '../shared/scheduled.ts';

export const handler = scheduled('notify-subject', async ({ requestId, signal }, input) => {
  const event = receivedEvent(serviceEvent, input, env().STAGE);
  const { NOTICE_SENDER, NOTICE_CONTACT } = noticeEnv();
  const end = await notify(event, {
    addressees: addressees(signal),
    mailer: NOTICE_SENDER === '' ? undefined : mailer(NOTICE_SENDER, signal),
    contact: NOTICE_CONTACT,
  });
  const sent = end === 'sent' ? 1 : 0;
  log.info('notice', { requestId, eventId: event.detail.id, detailType: event['detail-type'], end });
  return { fields: { sent }, metrics: { ...(sent > 0 && { NoticesSent: sent }) } };
});
