import { type CallOptions, type Client, type OwnRecovery, paginate } from '../typescript/src/index.ts';

/** States in which a recovery may still remove devices. */
const pendingStates: readonly OwnRecovery['state'][] = ['requested', 'objected', 'approved', 'executing'];

/** The pending recoveries of the caller's own devices. */
export async function pendingRecoveries(
  { listMyRecoveries }: Client,
  options: CallOptions,
): Promise<readonly OwnRecovery[]> {
  const found: OwnRecovery[] = [];
  for await (const recovery of paginate(listMyRecoveries, {}, options)) {
    if (pendingStates.includes(recovery.state)) found.push(recovery);
  }
  return found;
}
