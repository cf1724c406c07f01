import { unpackBatch } from '../../shared/events/log-batch.ts';
import { publish } from '../../shared/events/publish.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { errorFields, log } from '../../shared/lib/log.ts';
import { publishContext } from '../wiring/events.ts';

export const handler = backgroundFunction('publish-events', async (run, event) => {
  const batch = unpackBatch(event);
  const { lines, published, told, unreadable } = await publish(batch, {
    ...publishContext(run),
    onUnreadable: (lineId, error) =>
      log.error('audit line not published', {
        requestId: run.requestId,
        logGroup: batch.logGroup,
        lineId,
        ...errorFields(error),
      }),
  });
  return {
    fields: { lines, published, told, unreadable },
    metrics: { EventsPublished: published, ...(unreadable > 0 && { Problems: unreadable }) },
  };
});
