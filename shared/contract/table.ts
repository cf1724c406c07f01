/**
 * The kinds of items in the table, and what their keys begin with: `user#<UserId>` holds the lease, the guard and the
 * enrolment pass of a user, `codes#<serial number>#<UserId>#<end of window>` counts the codes sent of it, `recovery#<id>` is a recovery,
 * and `requests#<who>#<day>` counts what somebody asked for on a day.
 */
export const tableItems = {
  user: 'user#',
  codes: 'codes#',
  recovery: 'recovery#',
  requests: 'requests#',
} as const;

export type TableItem = keyof typeof tableItems;

/** The table's indexes of recoveries, and the attributes that make their keys. All are sparse. */
export const tableIndexes = {
  /** Recoveries in one state, by when they were requested. */
  byState: { partition: 'state', sort: 'requestedAt' },
  /** Recoveries of one subject's devices, by when they were requested. */
  bySubject: { partition: 'subjectId', sort: 'requestedAt' },
  /** Recoveries with something to be done at a time, by that time; `work` is always the same. */
  byDue: { partition: 'work', sort: 'dueAt' },
} as const;
