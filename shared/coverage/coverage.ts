import { coverageColumns } from '../contract/user-coverage.ts';
import { clock } from '../lib/clock.ts';
import { toCsvRows } from '../lib/csv.ts';
import { type ReportedUser, usersOf } from './credential-report.ts';
import type { AccountDirectory } from './ports.ts';

/** A user, and how they are protected. */
export interface UserCoverage extends ReportedUser {
  /** Active virtual devices right now; hardware tokens and FIDO keys do not count. */
  readonly virtualDevices: number;
}

export interface Coverage {
  /** RFC 3339. */
  readonly reportGeneratedAt: string;
  readonly reportAgeSeconds: number;
  readonly items: readonly UserCoverage[];
}

/** Users without MFA, with MFA, or all. */
export type CoverageFilter = 'none' | 'some' | 'any';

/**
 * The account's users from one credential report and one paged list, however many there are. Those without MFA come
 * first; both groups are sorted by name. The list is newer than the report, so a device in it counts as MFA.
 */
export async function coverageOf(filter: CoverageFilter, directory: AccountDirectory): Promise<Coverage> {
  const [{ generatedAt, csv }, devices] = await Promise.all([
    directory.credentialReport(),
    countDevices(directory),
  ]);
  const users: UserCoverage[] = [];
  for (const user of usersOf(csv)) {
    const virtualDevices = devices.get(user.userArn) ?? 0;
    const mfaActive = user.mfaActive || virtualDevices > 0;
    if (filter === 'any' || mfaActive === (filter === 'some'))
      users.push({ ...user, mfaActive, virtualDevices });
  }
  return {
    reportGeneratedAt: generatedAt.toISOString(),
    reportAgeSeconds: Math.max(0, Math.floor((clock.now() - generatedAt.getTime()) / 1000)),
    items: users.sort(withoutMfaFirst),
  };
}

async function countDevices(directory: AccountDirectory): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const page of directory.holdersOfVirtualDevices()) {
    for (const userArn of page) counts.set(userArn, (counts.get(userArn) ?? 0) + 1);
  }
  return counts;
}

const withoutMfaFirst = (one: UserCoverage, other: UserCoverage): number =>
  Number(one.mfaActive) - Number(other.mfaActive) || (one.userName < other.userName ? -1 : 1);

/** The users as CSV. */
export const toCsv = ({ items }: Coverage): string =>
  toCsvRows([coverageColumns, ...items.map((user) => coverageColumns.map((column) => String(user[column])))]);
