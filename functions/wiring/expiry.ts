import { setTimeout as sleep } from 'node:timers/promises';
import { maintenanceDirectory } from '../../shared/aws/iam/maintenance-directory.ts';
import { maintenanceRole } from '../../shared/config/roles.ts';
import type { ExpiryContext } from '../../shared/devices/expiry/ports.ts';
import type { Run } from '../../shared/lambda/background.ts';
import { leaseOf } from './lease.ts';

/** The function adds its own reporters. */
export const expiryContext = async ({
  signal,
  millisLeft,
}: Run): Promise<Omit<ExpiryContext, 'onDeleted' | 'onKept' | 'onFailure'>> => ({
  directory: await maintenanceDirectory(maintenanceRole().MAINTENANCE_ROLE_ARN, signal),
  leaseOf,
  millisLeft,
  pause: () => sleep(2_000),
});
