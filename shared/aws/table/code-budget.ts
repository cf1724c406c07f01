import type { Caller } from '../../contract/caller.ts';
import { codeLimit } from '../../contract/code-limit.ts';
import { Problem } from '../../contract/problem.ts';
import { tableItems } from '../../contract/table.ts';
import type { CodeBudget } from '../../devices/ports.ts';
import { clock } from '../../lib/clock.ts';
import { number, updateItem } from './table.ts';

interface Scope {
  readonly caller: Pick<Caller, 'userId'>;
  readonly signal: AbortSignal;
}

/** Seconds that a counter outlives its window, to allow for differing clocks. */
const keptSeconds = 300;

/**
 * Counters of code submissions, one item of the table per device, window and user, so that attempts by another user do
 * not use up the owner's.
 */
export const codeBudget = ({ caller, signal }: Scope): CodeBudget => ({
  spend: async (serialNumber) => {
    const { most, windowSeconds } = codeLimit;
    const seconds = clock.now() / 1000;
    const end = (Math.floor(seconds / windowSeconds) + 1) * windowSeconds;
    const resetSeconds = Math.ceil(end - seconds);
    const item = await updateItem(
      `${tableItems.codes}${serialNumber}#${caller.userId}#${end}`,
      {
        UpdateExpression: 'ADD submissions :one SET #ttl = :ttl',
        ConditionExpression: 'attribute_not_exists(submissions) OR submissions < :most',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':one': number(1),
          ':most': number(most),
          ':ttl': number(end + keptSeconds),
        },
        ReturnValues: 'UPDATED_NEW',
      },
      signal,
      (cause) => spent(resetSeconds, cause),
    );
    return { left: most - Number(item['submissions']?.N), resetSeconds };
  },
});

const spent = (resetSeconds: number, cause: unknown): Problem =>
  new Problem(
    'throttled',
    `Codes of this device were sent ${codeLimit.most} times within three minutes, which is the limit. ` +
      `Send fresh ones in ${resetSeconds} seconds.`,
    { retryAfter: resetSeconds, rateLimit: { left: 0, resetSeconds } },
    { cause },
  );
