import type { Context } from '../context.ts';
import { duration, table } from '../text.ts';

export interface CoverageOptions {
  readonly mfa?: 'none' | 'some' | 'any' | undefined;
  readonly csv?: boolean | undefined;
}

/** Shows who has MFA and who does not. */
export async function coverage(context: Context, { mfa, csv }: CoverageOptions): Promise<void> {
  const { terminal } = context;
  if (csv) {
    const text = await context.call((client, options) =>
      client.listUsers({ mfa }, { ...options, accept: 'text/csv' }),
    );
    terminal.file(text);
    return;
  }
  const users = await context.call((client, options) => client.listUsers({ mfa }, options));
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  terminal.result(users, () =>
    table(
      ['USER', 'MFA', 'VIRTUAL DEVICES', 'PASSWORD', 'ACCESS KEYS'],
      users.items.map((user) => [
        user.userName,
        yes(user.mfaActive),
        String(user.virtualDevices),
        yes(user.passwordEnabled),
        String(user.activeAccessKeys),
      ]),
    ),
  );
  const without = users.items.filter(({ mfaActive }) => !mfaActive).length;
  terminal.note(
    `\n${without} of ${users.items.length} without MFA, from a report ${duration(users.reportAgeSeconds)} old.`,
  );
}
