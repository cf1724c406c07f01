import { AwsError } from './aws-error.ts';
import type { Devices } from './devices.ts';
import type { User } from './users.ts';
import { isoSeconds } from './xml.ts';

/** The latest credential report; plain data, for snapshots. */
export interface CredentialReport {
  readonly content: string;
  readonly startedAt: number;
}

const validMs = 4 * 3600 * 1000;

/** Whether a report exists, is being generated, which takes `generationMs`, or has expired. */
export function reportState(
  report: CredentialReport | undefined,
  now: number,
  generationMs: number,
): 'absent' | 'in-progress' | 'complete' | 'expired' {
  // A report from the future predates a reset of the clock.
  if (report === undefined || report.startedAt > now) return 'absent';
  if (now < report.startedAt + generationMs) return 'in-progress';
  return now < report.startedAt + validMs ? 'complete' : 'expired';
}

/** The report if it is complete. Throws ReportNotPresent, ReportInProgress or ReportExpired. */
export function finishedReport(
  report: CredentialReport | undefined,
  now: number,
  generationMs: number,
): CredentialReport {
  const state = reportState(report, now, generationMs);
  if (report === undefined || state === 'absent') {
    throw new AwsError('ReportNotPresent', 'No report exists. Please generate a report first.');
  }
  if (state === 'in-progress') throw new AwsError('ReportInProgress', 'The report is being generated.');
  if (state === 'expired') {
    throw new AwsError('ReportExpired', 'The report is expired. Please generate a new report first.');
  }
  return report;
}

const keyColumns = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'];
const columns: readonly string[] = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap((number) => keyColumns.map((column) => `access_key_${number}_${column}`)),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
];

/** The CSV of the root user and all IAM users, as IAM writes it. */
export function reportContent(
  users: readonly User[],
  devices: Devices,
  accountId: string,
  now: number,
): string {
  const root = ['<root_account>', `arn:aws:iam::${accountId}:root`, isoOffset(now), 'not_supported'];
  const rootRow = [...root, 'N/A', 'not_supported', 'not_supported', 'true'];
  const rows = [rootRow, ...users.map((user) => userRow(user, devices))];
  return [columns, ...rows.map(padded)].map((row) => row.join(',')).join('\n');
}

function userRow(user: User, devices: Devices): readonly string[] {
  const keys = [0, 1].flatMap((index) => {
    const key = user.accessKeys[index];
    return [String(key !== undefined), key ? isoOffset(key.createdAt) : 'N/A', 'N/A', 'N/A', 'N/A'];
  });
  const hasMfa = devices.ofUser(user).length > 0;
  const password = ['false', 'N/A', 'N/A', 'N/A'];
  return [user.userName, user.arn, isoOffset(user.createdAt), ...password, String(hasMfa), ...keys];
}

/** Fills the remaining columns: no certificates and, for root, no keys either. */
function padded(row: readonly string[]): readonly string[] {
  const rest = columns.slice(row.length).map((column) => (column.endsWith('_active') ? 'false' : 'N/A'));
  return [...row, ...rest];
}

/** The report writes its times with an offset. */
function isoOffset(time: number): string {
  return isoSeconds(time).replace('Z', '+00:00');
}
