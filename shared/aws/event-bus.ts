import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../contract/events/detail-types.ts';
import type { EventBus } from '../events/ports.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { instrumentedClient } from './instrument.ts';

let client: EventBridgeClient | undefined;

/** The account's default bus. */
export function eventBus(signal: AbortSignal): EventBus {
  client ??= instrumentedClient(new EventBridgeClient(clientSettings));
  const bus = client;
  return {
    put: async (entries) => {
      const Entries = entries.map(({ time, detailType, detail, resources }) => ({
        Time: new Date(time),
        Source: eventSource,
        DetailType: detailType,
        Detail: detail,
        Resources: [...resources],
      }));
      try {
        const answer = await bus.send(new PutEventsCommand({ Entries }), { abortSignal: signal });
        // One answer for each entry, in their order. Without one nobody knows, so that it is to be tried again.
        return entries.filter((_, index) => answer.Entries?.[index]?.EventId === undefined);
      } catch (error) {
        throw toProblem(error);
      }
    },
  };
}
