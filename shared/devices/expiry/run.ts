import { deleteExpired } from './delete-expired.ts';
import { keepActive } from './keep-active.ts';
import type { ExpiryContext, ExpiryRun } from './ports.ts';
import { Sweep } from './sweep.ts';

/**
 * Takes the expiry off devices that are active, then deletes those that expired before they were enabled, as far as
 * time allows. Throws only if IAM cannot list them.
 */
export async function runExpiry(context: ExpiryContext): Promise<ExpiryRun> {
  const sweep = new Sweep(context);
  await keepActive(sweep);
  await deleteExpired(sweep);
  return { ...sweep.run };
}
