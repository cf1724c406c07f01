import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../contract/events/detail-types.ts';
import type { EventBus } from '../events/ports.ts';
import { awsCall } from './aws-call.ts';
import { onceClient } from './once-client.ts';

const eventBridge = onceClient(EventBridgeClient);

/** The account's default bus. */
export const eventBus = (signal: AbortSignal): EventBus => ({
  put: async (entries) => {
    const Entries = entries.map(({ time, detailType, detail, resources }) => ({
      Time: new Date(time),
      Source: eventSource,
      DetailType: detailType,
      Detail: detail,
      Resources: [...resources],
    }));
    const command = new PutEventsCommand({ Entries });
    const answer = await awsCall(() => eventBridge().send(command, { abortSignal: signal }));
    // One result per entry, in the same order. An entry without one may not have arrived, so it is sent again.
    return entries.filter((_, index) => answer.Entries?.[index]?.EventId === undefined);
  },
});
