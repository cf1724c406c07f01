import * as z from 'zod';
import type { Account, AccountSnapshot } from './aws/account.ts';
import type { LocalClock } from './clock.ts';
import { StateFile } from './state-file.ts';

const fileName = 'account.json';

const persistedState = z.object({
  version: z.literal(1),
  /** Milliseconds by which the local clock is ahead. */
  clockOffset: z.number(),
  account: z.custom<AccountSnapshot>((value) => typeof value === 'object' && value !== null),
});

/**
 * Persists the account and the clock's offset in a folder, and restores what is there. Throws an error that names the
 * file if it cannot be restored.
 */
export function keepState(folder: string, account: Account, clock: LocalClock): StateFile {
  const file = new StateFile(folder, fileName, () => ({
    version: 1,
    clockOffset: clock.now() - Date.now(),
    account: account.snapshot(),
  }));
  const saved = file.read();
  if (saved !== undefined) {
    try {
      const { clockOffset, account: snapshot } = persistedState.parse(saved);
      account.restore(snapshot);
      clock.advance(clockOffset / 1000);
    } catch (error) {
      throw new Error(`${folder}/${fileName} is not in this version's format; remove it`, { cause: error });
    }
  }
  return file;
}
