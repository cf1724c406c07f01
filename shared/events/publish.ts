import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../contract/problem.ts';
import { eventOfLine } from './from-audit-line.ts';
import type { LogBatch } from './log-batch.ts';
import type { BusEntry, EventBus } from './ports.ts';

export interface PublishContext {
  readonly bus: EventBus;
  /** The deployed stage. */
  readonly stage: string;
  readonly signal: AbortSignal;
  /** Called for a line that could not be made into an event. */
  readonly onUnreadable: (lineId: string, error: unknown) => void;
}

/** Counts of lines and events. */
export interface Published {
  readonly lines: number;
  readonly published: number;
  readonly unreadable: number;
}

/** Most entries that EventBridge takes at once. Source: EventBridge API reference, PutEvents. */
const batchSize = 10;
const attempts = 3;
const pauseMillis = 200;

/**
 * Puts an event on the bus for every audit line that records a change; an unreadable line does not hold up the others.
 * Throws `upstream-failed` if the bus did not take all events; a retry then sends all of them again, with the same ids.
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
