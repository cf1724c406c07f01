import { randomUUID } from 'node:crypto';
import type { BusEvent } from './aws/event-bus.ts';
import { isoSeconds } from './aws/xml.ts';
import { deployment } from './deployment.ts';

/** Milliseconds between the runs of scheduled functions, as infra/template/functions.ts has them. */
export const schedules: Readonly<Record<string, number>> = {
  'execute-recoveries': 60_000,
  'delete-expired-devices': 3_600_000,
};

/** What EventBridge gives a function at the time of its schedule. @param now milliseconds */
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

/** Runs the scheduled functions from now on, by real time; gives what ends that. */
export function startSchedules(run: (name: string) => void): () => void {
  const timers = Object.entries(schedules).map(([name, ms]) => setInterval(() => run(name), ms).unref());
  return () => timers.forEach(clearInterval);
}
