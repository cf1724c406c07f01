/**
 * How many devices a user may create. IAM has one quota of virtual devices for the whole account: whoever could create
 * them without a limit could keep everybody else from enrolling.
 */
export const creationLimits = {
  /** Within 3,600 seconds, counting those that were refused and those that replaced another. */
  mostPerHour: 30,
  /** That are not enabled, at a time. */
  mostPending: 8,
} as const;

/**
 * How many of a user's devices that are not enabled are looked at and shown, first by name: those that stop further
 * creations, and the 8 that may be active at that time and can still be deactivated.
 */
export const mostPendingShown = creationLimits.mostPending + 8;
