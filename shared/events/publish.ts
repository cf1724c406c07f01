import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../contract/problem.ts';
import { eventOfLine, type LineEvent } from './from-audit-line.ts';
import { type Listener, listenersOf } from './listeners.ts';
import type { LogBatch } from './log-batch.ts';
import type { BusEntry, EventBus, Tell } from './ports.ts';

export interface PublishContext {
  /** For anyone to listen to; the service believes nothing that is on it. */
  readonly bus: EventBus;
  /** How to reach each function that acts on events; undefined for one that has nothing to do. */
  readonly listeners: Readonly<Record<Listener, Tell | undefined>>;
  /** The deployed stage. */
  readonly stage: string;
  readonly signal: AbortSignal;
  /** Called for a line that could not be made into an event. */
  readonly onUnreadable: (lineId: string, error: unknown) => void;
}

/** Counts of lines, of events, and of invocations. */
export interface Published {
  readonly lines: number;
  readonly published: number;
  readonly told: number;
  readonly unreadable: number;
}

/** Most entries that EventBridge takes at once. Source: EventBridge API reference, PutEvents. */
const batchSize = 10;
const attempts = 3;
const pauseMillis = 200;
/** How many invocations are made at a time. */
const tellers = 10;

/**
 * Makes an event of every audit line that records a change, puts it on the bus and hands it to the functions that act
 * on it; an unreadable line does not hold up the others. Neither way waits for the other, so whoever keeps the bus busy
 * keeps no mail back. Throws a `Problem` if one of them failed; a retry then repeats both, with the same ids.
 */
export async function publish({ lines }: LogBatch, context: PublishContext): Promise<Published> {
  const found: LineEvent[] = [];
  let unreadable = 0;
  for (const { id, message } of lines) {
    try {
      const event = eventOfLine(id, context.stage, JSON.parse(message));
      if (event !== undefined) found.push(event);
    } catch (error) {
      unreadable += 1;
      context.onUnreadable(id, error);
    }
  }
  const [put, told] = await Promise.allSettled([
    putAll(found.map(entryOf), context),
    tellAll(found, context),
  ]);
  if (told.status === 'rejected') throw told.reason;
  if (put.status === 'rejected') throw put.reason;
  return { lines: lines.length, published: found.length, told: told.value, unreadable };
}

function entryOf({ event: { detail, 'detail-type': detailType }, resources }: LineEvent): BusEntry {
  return { time: Date.parse(detail.time), detailType, detail: JSON.stringify(detail), resources };
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

/** Returns the number of invocations. After a failure the others are still made; then it throws the first one. */
async function tellAll(found: readonly LineEvent[], { listeners }: PublishContext): Promise<number> {
  const calls = found.flatMap(({ event }) =>
    listenersOf(event['detail-type']).flatMap((name) => {
      const tell = listeners[name];
      return tell === undefined ? [] : [() => tell(event)];
    }),
  );
  const failures: unknown[] = [];
  for (let start = 0; start < calls.length; start += tellers) {
    const ends = await Promise.allSettled(calls.slice(start, start + tellers).map((call) => call()));
    for (const end of ends) if (end.status === 'rejected') failures.push(end.reason);
  }
  if (failures.length > 0) throw failures[0];
  return calls.length;
}
