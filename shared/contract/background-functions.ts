import type { TableRights } from './table.ts';

/** Roles that functions assume to call IAM, one for each kind of work. */
export type AssumedRole = 'device' | 'device-read' | 'audit' | 'maintenance' | 'recovery';

/** A function without a route. */
export interface BackgroundFunction {
  /** Kebab-case; also the name of its file below `functions/`. */
  readonly name: string;
  readonly timeoutSeconds: number;
  /** What invokes it: a schedule, `publish-events` with an event, or audit lines in the functions' logs. */
  readonly trigger: 'schedule' | 'events' | 'audit-lines';
  readonly assumes?: AssumedRole;
  readonly table: TableRights;
}

/** A function that is neither here nor in a contract fails the tests. */
export const backgroundFunctions: readonly BackgroundFunction[] = [
  {
    name: 'delete-expired-devices',
    timeoutSeconds: 60,
    trigger: 'schedule',
    assumes: 'maintenance',
    table: { lease: ['pass', 'creations'] },
  },
  {
    name: 'execute-recoveries',
    timeoutSeconds: 60,
    trigger: 'schedule',
    assumes: 'recovery',
    table: {
      lease: ['guard', 'pass', 'recoveryUnderWay', 'creations', 'recent'],
      recovery: ['get', 'put', 'byState', 'bySubject', 'byDue'],
    },
  },
  { name: 'publish-events', timeoutSeconds: 30, trigger: 'audit-lines', table: {} },
  {
    name: 'notify-subject',
    timeoutSeconds: 30,
    trigger: 'events',
    assumes: 'audit',
    table: { recovery: ['get'] },
  },
  { name: 'report-outcome', timeoutSeconds: 60, trigger: 'events', table: { recovery: ['get'] } },
];

export const scheduledFunctions = backgroundFunctions.filter(({ trigger }) => trigger === 'schedule');
