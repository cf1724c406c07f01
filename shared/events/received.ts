import type * as z from 'zod/mini';
import { parseEvent } from '../lib/parse-event.ts';

/**
 * Parses an event of this service as EventBridge delivers it. Throws for anything else, and for an event of another
 * stage: no rule of this stage delivers one, and it would let the other stage decide who is told what.
 */
export function receivedEvent<Schema extends z.ZodMiniType<{ readonly detail: { readonly stage: string } }>>(
  schema: Schema,
  input: unknown,
  stage: string,
): z.output<Schema> {
  const event = parseEvent(schema, input);
  if (event.detail.stage !== stage) throw new Error('The event is of another stage');
  return event;
}
