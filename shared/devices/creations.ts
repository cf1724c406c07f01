import type { HeldLease } from '../lease/ports.ts';
import { errorFields, log } from '../lib/log.ts';

/**
 * Notes that the device is pending no longer: it has been enabled, or deleted. Never throws: a note that stays is
 * compared with IAM's list before it counts against anybody.
 */
export async function noLongerPending(serialNumber: string, lease: HeldLease): Promise<void> {
  const isNoted = lease.creations.some((one) => one.pending && one.serialNumber === serialNumber);
  if (!isNoted) return;
  const creations = lease.creations.map((one) =>
    one.serialNumber === serialNumber ? { ...one, pending: false } : one,
  );
  await lease
    .write({ creations })
    .catch((error: unknown) => log.warn('creation still noted as pending', errorFields(error)));
}
