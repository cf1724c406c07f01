import { randomUUID } from 'node:crypto';
import type { BusEvent } from './aws/event-bus.ts';
import { isoSeconds } from './aws/xml.ts';
import { deployment } from './deployment.ts';

/** Milliseconds between runs of the scheduled functions, as in infra/template/functions.ts. */
export const schedules: Readonly<Record<string, number>> = {
  'execute-recoveries': 60_000,
  'delete-expired-devices': 3_600_000,
};

/** The event that EventBridge sends to a scheduled function. @param now milliseconds */
export function scheduledEvent(name: string, now: number): BusEvent {
  const { accountId, region } = deployment;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: isoSeconds(now),
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/${name}`],
    detail: {},
  };
}

/** Starts running the scheduled functions, by real time; returns a function that stops it. */
export function startSchedules(run: (name: string) => void): () => void {
  const timers = Object.entries(schedules).map(([name, ms]) => setInterval(() => run(name), ms).unref());
  return () => timers.forEach(clearInterval);
}
