import { Problem } from '../contract/problem.ts';

/** What the report says about one user. */
export interface ReportedUser {
  readonly userName: string;
  readonly userArn: string;
  readonly mfaActive: boolean;
  readonly passwordEnabled: boolean;
  readonly activeAccessKeys: number;
}

const wanted = ['mfa_active', 'password_enabled', 'access_key_1_active', 'access_key_2_active'] as const;
/** The first two columns; the values of all others hold no comma. */
const identity = 'user,arn';

/**
 * The users of a credential report, without root. A user's name or path can hold commas, and IAM does not document
 * whether it quotes them, so columns are counted from the end. Throws `upstream-failed` if it is not such a report.
 */
export function* usersOf(csv: string): Generator<ReportedUser> {
  const [header = '', ...rows] = csv.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  const columns = wanted.map((name) => names.length - names.indexOf(name));
  if (!header.startsWith(`${identity},`) || wanted.some((name) => !names.includes(name))) throw notAReport();
  for (const row of rows) {
    const user = userOf(row.split(','), names.length - 2, columns);
    if (user.userName !== '<root_account>') yield user;
  }
}

function userOf(cells: readonly string[], following: number, columns: readonly number[]): ReportedUser {
  const [, userName, userArn] =
    /^"?([^"]+?)"?,"?(arn:[^:]+:iam::.+?)"?$/.exec(cells.slice(0, -following).join(',')) ?? [];
  if (userName === undefined || userArn === undefined) throw notAReport();
  const [mfaActive, passwordEnabled, ...keys] = columns.map((fromEnd) => cells.at(-fromEnd) === 'true');
  return {
    userName,
    userArn,
    mfaActive: mfaActive === true,
    passwordEnabled: passwordEnabled === true,
    activeAccessKeys: keys.filter(Boolean).length,
  };
}

const notAReport = (): Problem =>
  new Problem('upstream-failed', 'IAM returned a credential report that cannot be read. Try again.');
