import { freshFunction } from './fresh-function.ts';
import { requestedAt } from './recovery.ts';

/**
 * The dependencies of a function with its own connections, by the clock of the sample recovery.
 * @param url of the table
 */
export async function recoveryFunction({
  url,
  variables = {},
}: {
  url: string;
  variables?: Readonly<Record<string, string>>;
}) {
  await freshFunction({ AWS_ENDPOINT_URL_DYNAMODB: url, ...variables }, () => requestedAt);
  const { signal } = new AbortController();
  const { recoveryStore } = await import('../../shared/aws/table/recovery-store.ts');
  const { requestCounter } = await import('../../shared/aws/table/request-counter.ts');
  const { executionStarter } = await import('../../shared/aws/execution-starter.ts');
  const { approveRecovery } = await import('../../shared/recoveries/decide.ts');
  const { changeLease } = await import('../../shared/aws/table/change-lease.ts');
  const { clock } = await import('../../shared/lib/clock.ts');
  return {
    store: recoveryStore({ signal }),
    counter: requestCounter({ signal }),
    starter: executionStarter({ signal }),
    leaseOf: (userId: string) =>
      changeLease({ caller: { userId }, signal, remainingMillis: 10_000, waitMillis: 5_000 }),
    approveRecovery,
    clock,
  };
}
