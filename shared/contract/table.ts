/**
 * The kinds of table items, by the prefixes of their keys: `user#<UserId>` holds the lease, the guard and the enrolment
 * pass of a user; `codes#<serial number>#<UserId>#<end of window>` counts the codes submitted for a device;
 * `recovery#<id>` is a recovery; `requests#<who>#<day>` counts one requester's recoveries on one day.
 */
export const tableItems = {
  user: 'user#',
  codes: 'codes#',
  recovery: 'recovery#',
  requests: 'requests#',
} as const;

export type TableItem = keyof typeof tableItems;

/** The table's indexes of recoveries and their key attributes. All are sparse. */
export const tableIndexes = {
  /** Recoveries in one state, by time of request. */
  byState: { partition: 'state', sort: 'requestedAt' },
  /** Recoveries of one subject's devices, by time of request. */
  bySubject: { partition: 'subjectId', sort: 'requestedAt' },
  /** Recoveries with work to do, by when it is due; `work` is always the same. */
  byDue: { partition: 'work', sort: 'dueAt' },
} as const;
