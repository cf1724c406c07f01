import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { env } from '../../shared/config/deployment.ts';
import type { RemovalContext } from '../../shared/devices/removal.ts';

type Call = Parameters<typeof mfaDirectory>[0] & Parameters<typeof changeLease>[0];

/** What the removal of a device works with: AWS, and the rule of the deployment. */
export const removalContext = (call: Call, serialNumber: string): RemovalContext => ({
  caller: call.caller,
  directory: mfaDirectory(call, serialNumber),
  lease: changeLease(call),
  allowRemovingLast: env().ALLOW_REMOVING_LAST_DEVICE,
});
