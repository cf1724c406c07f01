import type * as z from 'zod/mini';
import { parseEvent } from '../lib/parse-event.ts';

/**
 * An event of this service as EventBridge delivers it to a function. Throws for what is none, and for that of another stage,
 * which no rule of this one leads here: it would tell the wrong people, and let the other stage decide what they are told.
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
