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

/** The table's indexes and their key attributes. All are sparse. */
export const tableIndexes = {
  /** Recoveries in one state, by time of request. */
  byState: { partition: 'state', sort: 'requestedAt' },
  /** Recoveries of one subject's devices, by time of request. */
  bySubject: { partition: 'subjectId', sort: 'requestedAt' },
  /** Recoveries with work to do, and users' items with a guard, by when they are due. */
  byDue: { partition: 'work', sort: 'dueAt' },
} as const;

/** The values of `work`: a recovery, or a guard to be compared with the hold. */
export const dueWork = { recovery: 'due', guard: 'guard' } as const;

export type TableIndex = keyof typeof tableIndexes;

/** What users' items hold besides the lease itself (shared/lease/ports.ts). */
export type UserAttribute = 'guard' | 'pass' | 'recoveryUnderWay' | 'creations' | 'resyncs' | 'recent';

/** What a function may do with the table. Its role has exactly these rights, so it can do nothing else. */
export interface TableRights {
  /**
   * Takes a user's lease, which reads all of their item, and under it writes these attributes. Items of users are
   * never replaced: that could wipe a guard.
   */
  readonly lease?: readonly UserAttribute[];
  /** Sees whether a user is guarded, and nothing else of their item. */
  readonly guard?: 'read';
  /** Counts codes submitted for a device. */
  readonly codes?: 'count';
  /** Counts a requester's recoveries. */
  readonly requests?: 'count';
  /** Reads one recovery, writes one, or finds recoveries by an index. */
  readonly recovery?: readonly ('get' | 'put' | TableIndex)[];
}
