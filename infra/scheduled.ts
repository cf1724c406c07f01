/** A function that no route reaches: a schedule invokes it, and it calls IAM with the maintenance role. */
export interface ScheduledFunction {
  /** Kebab-case; also the name of its file below `functions/`. */
  readonly name: string;
  readonly timeoutSeconds: number;
}

/** All of them. A function that is neither here nor has a contract fails the tests. */
export const scheduledFunctions: readonly ScheduledFunction[] = [
  { name: 'delete-expired-devices', timeoutSeconds: 60 },
];
