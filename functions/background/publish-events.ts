import { eventBus } from '../../shared/aws/event-bus.ts';
import { env } from '../../shared/config/deployment.ts';
import { unpackBatch } from '../../shared/events/log-batch.ts';
import { publish } from '../../shared/events/publish.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { errorFields, log } from '../../shared/lib/log.ts';

export const handler = backgroundFunction('publish-events', async ({ requestId, signal }, event) => {
  const batch = unpackBatch(event);
  const { lines, published, unreadable } = await publish(batch, {
    bus: eventBus(signal),
    stage: env().STAGE,
    signal,
    onUnreadable: (lineId, error) =>
      log.error('audit line not published', {
        requestId,
        logGroup: batch.logGroup,
        lineId,
        ...errorFields(error),
      }),
  });
  return {
    fields: { lines, published, unreadable },
    metrics: { EventsPublished: published, ...(unreadable > 0 && { Problems: unreadable }) },
  };
});
