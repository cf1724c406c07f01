import { addressees } from '../../shared/aws/iam/addressees.ts';
import { mailer } from '../../shared/aws/mail.ts';
import { env } from '../../shared/config/deployment.ts';
import { noticeSettings } from '../../shared/config/notices.ts';
import { serviceEvent } from '../../shared/contract/events/schemas.ts';
import { receivedEvent } from '../../shared/events/received.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { log } from '../../shared/lib/log.ts';
import { notify } from '../../shared/notices/notify.ts';

export const handler = backgroundFunction('notify-subject', async ({ requestId, signal }, input) => {
  const event = receivedEvent(serviceEvent, input, env().STAGE);
  const { NOTICE_SENDER, NOTICE_CONTACT } = noticeSettings();
  const end = await notify(event, {
    addressees: addressees(signal),
    mailer: NOTICE_SENDER === '' ? undefined : mailer(NOTICE_SENDER, signal),
    contact: NOTICE_CONTACT,
  });
  const sent = end === 'sent' ? 1 : 0;
  log.info('notice', { requestId, eventId: event.detail.id, detailType: event['detail-type'], end });
  return { fields: { sent }, metrics: { ...(sent > 0 && { NoticesSent: sent }) } };
});
