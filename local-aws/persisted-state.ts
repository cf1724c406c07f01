import * as z from 'zod';
import type { Account, AccountSnapshot } from './aws/account.ts';
import type { LocalClock } from './clock.ts';
import { StateFile } from './state-file.ts';

const fileName = 'account.json';

const keptState = z.object({
  version: z.literal(1),
  /** Milliseconds by which the local clock is ahead. */
  clockOffset: z.number(),
  account: z.custom<AccountSnapshot>((value) => typeof value === 'object' && value !== null),
});

/**
 * Keeps the account and the clock's offset in a folder, and takes up what lies there. Throws an error that names
 * the file when that cannot be taken up.
 */
export function keepState(folder: string, account: Account, clock: LocalClock): StateFile {
  const file = new StateFile(folder, fileName, () => ({
    version: 1,
    clockOffset: clock.now() - Date.now(),
    account: account.snapshot(),
  }));
  const kept = file.read();
  if (kept !== undefined) {
    try {
      const { clockOffset, account: snapshot } = keptState.parse(kept);
      account.restore(snapshot);
      clock.advance(clockOffset / 1000);
    } catch (error) {
      throw new Error(`${folder}/${fileName} is not a state of this version; remove it`, { cause: error });
    }
  }
  return file;
}
