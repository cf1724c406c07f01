import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../contract/problem.ts';
import { eventOfLine } from './from-audit-line.ts';
import type { LogBatch } from './log-batch.ts';
import type { BusEntry, EventBus } from './ports.ts';

export interface PublishContext {
  readonly bus: EventBus;
  /** Of the deployment. */
  readonly stage: string;
  readonly signal: AbortSignal;
  /** Told of a line of which no event could be made. */
  readonly onUnreadable: (lineId: string, error: unknown) => void;
}

/** What was made of a batch, in numbers of lines and events. */
export interface Published {
  readonly lines: number;
  readonly published: number;
  readonly unreadable: number;
}

/** The most that EventBridge takes at once. Source: EventBridge API reference, PutEvents. */
const batchSize = 10;
const attempts = 3;
const pauseMillis = 200;

/**
 * Puts an event on the bus for every audit line that tells of a change. A line that cannot be read keeps none of the others
 * from it. Throws `upstream-failed` when the bus did not take all; taken ones come again then, under the same id.
 */
export async function publish({ lines }: LogBatch, context: PublishContext): Promise<Published> {
  const entries: BusEntry[] = [];
  let unreadable = 0;
  for (const { id, message } of lines) {
    try {
      entries.push(...entryOf(id, context.stage, message));
    } catch (error) {
      unreadable += 1;
      context.onUnreadable(id, error);
    }
  }
  await putAll(entries, context);
  return { lines: lines.length, published: entries.length, unreadable };
}

function entryOf(id: string, stage: string, message: string): readonly BusEntry[] {
  const found = eventOfLine(id, stage, JSON.parse(message));
  if (found === undefined) return [];
  const { detail, 'detail-type': detailType } = found.event;
  const { resources } = found;
  return [{ time: Date.parse(detail.time), detailType, detail: JSON.stringify(detail), resources }];
}

async function putAll(entries: readonly BusEntry[], { bus, signal }: PublishContext): Promise<void> {
  let left = entries;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const refused: BusEntry[] = [];
    for (let start = 0; start < left.length; start += batchSize) {
      refused.push(...(await bus.put(left.slice(start, start + batchSize))));
    }
    left = refused;
    if (left.length === 0) return;
    if (attempt === attempts) throw new Problem('upstream-failed', 'EventBridge did not take all events.');
    await delay(pauseMillis * attempt, undefined, { signal });
  }
}
