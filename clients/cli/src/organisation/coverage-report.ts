import { coverageColumns } from '../../../../shared/contract/user-coverage.ts';
import { toCsvRows } from '../../../../shared/lib/csv.ts';
import type { Explanation } from '../explain.ts';
import { localTime, table } from '../text.ts';
import type { AccountCoverage, CoveredUser } from './account-coverage.ts';
import type { ListedAccount } from './accounts-file.ts';

/** What came of asking one account. */
export type Outcome = { readonly listed: ListedAccount } & (
  | { readonly coverage: AccountCoverage }
  | { readonly failure: Explanation }
);

type Covered = Extract<Outcome, { readonly coverage: AccountCoverage }>;

/** Which users to name; the counts are always of all. */
export type Which = 'none' | 'some' | 'any';

const isCovered = (outcome: Outcome): outcome is Covered => 'coverage' in outcome;

const chosen = ({ items }: AccountCoverage, which: Which): readonly CoveredUser[] =>
  which === 'any' ? items : items.filter(({ mfaActive }) => mfaActive === (which === 'some'));

/** A user counts once, even if their account is listed with two stages. */
function countsOf(coverages: readonly AccountCoverage[]) {
  const users = new Map(
    coverages.flatMap(({ items }) => items.map((user) => [user.userArn, user.mfaActive])),
  );
  const withMfa = [...users.values()].filter(Boolean).length;
  return { users: users.size, withMfa, withoutMfa: users.size - withMfa };
}

function totalsOf(outcomes: readonly Outcome[]) {
  const covered = outcomes.filter(isCovered);
  return {
    accounts: outcomes.length,
    failed: outcomes.length - covered.length,
    ...countsOf(covered.map(({ coverage }) => coverage)),
  };
}

export function reportJson(outcomes: readonly Outcome[], which: Which) {
  return {
    totals: totalsOf(outcomes),
    accounts: outcomes.map((outcome) => {
      const { account, name, url } = outcome.listed;
      if (!isCovered(outcome)) {
        const { exitCode, ...error } = outcome.failure;
        return { account, name, url, error };
      }
      const { reportGeneratedAt } = outcome.coverage;
      const items = chosen(outcome.coverage, which);
      return { account, name, url, reportGeneratedAt, ...countsOf([outcome.coverage]), items };
    }),
  };
}

/** The API's CSV, with the account before its columns. */
export const reportCsv = (outcomes: readonly Outcome[], which: Which): string =>
  toCsvRows([
    ['account', 'name', ...coverageColumns],
    ...outcomes
      .filter(isCovered)
      .flatMap(({ listed: { account, name }, coverage }) =>
        chosen(coverage, which).map((user) => [
          account,
          name,
          ...coverageColumns.map((column) => String(user[column])),
        ]),
      ),
  ]);

/** The users, then the accounts with their totals. */
export function reportText(outcomes: readonly Outcome[], which: Which): string {
  const users = outcomes
    .filter(isCovered)
    .flatMap(({ listed: { name }, coverage }) =>
      chosen(coverage, which).map((user) => [
        name,
        user.userName,
        yes(user.mfaActive),
        String(user.virtualDevices),
        yes(user.passwordEnabled),
        String(user.activeAccessKeys),
      ]),
    );
  const headings = ['ACCOUNT', 'USER', 'MFA', 'VIRTUAL DEVICES', 'PASSWORD', 'ACCESS KEYS'];
  return `${table(headings, users)}\n\n${accountsTable(outcomes)}`;
}

function accountsTable(outcomes: readonly Outcome[]): string {
  const numbers = ({ users, withMfa, withoutMfa }: ReturnType<typeof countsOf>) =>
    [users, withMfa, withoutMfa].map(String);
  const rows = outcomes.map((outcome) => {
    const { account, name } = outcome.listed;
    return isCovered(outcome)
      ? [
          account,
          name,
          ...numbers(countsOf([outcome.coverage])),
          localTime(outcome.coverage.reportGeneratedAt),
        ]
      : [account, name, '-', '-', '-', `failed: ${outcome.failure.code}`];
  });
  const { accounts, failed, ...counts } = totalsOf(outcomes);
  const total = ['TOTAL', `${accounts - failed} of ${accounts}`, ...numbers(counts), ''];
  return table(['ACCOUNT', 'NAME', 'USERS', 'WITH MFA', 'WITHOUT MFA', 'REPORT OF'], [...rows, total]);
}

const yes = (value: boolean): string => (value ? 'yes' : 'no');
