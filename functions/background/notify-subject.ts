import { serviceEvent } from '../../shared/contract/events/schemas.ts';
import { receivedEvent } from '../../shared/events/received.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { log } from '../../shared/lib/log.ts';
import { notify } from '../../shared/notices/notify.ts';
import { noticeContext } from '../wiring/notices.ts';

export const handler = backgroundFunction('notify-subject', async (run, input) => {
  const { stage, ...context } = noticeContext(run);
  const event = receivedEvent(serviceEvent, input, stage);
  const end = await notify(event, context);
  const sent = end === 'sent' ? 1 : 0;
  const refuted = end === 'refuted';
  log[refuted ? 'error' : 'info']('notice', {
    requestId: run.requestId,
    eventId: event.detail.id,
    detailType: event['detail-type'],
    end,
  });
  return {
    fields: { sent },
    metrics: { ...(sent > 0 && { NoticesSent: sent }), ...(refuted && { Problems: 1 }) },
  };
});
