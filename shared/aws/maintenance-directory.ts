import { DeleteVirtualMFADeviceCommand, IAMClient, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import type { MaintenanceDirectory } from '../mfa/expired.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { readTags } from './iam-reads.ts';
import { observedClient } from './observe.ts';
import { retryOnlyThrottling } from './retry.ts';
import { assumeRole } from './sts.ts';

/** How CloudTrail names who did it: nobody in person. */
const sourceIdentity = 'expired-enrolments';
/** One more than for a request, since nobody waits for the answer; what is throttled even then ends the run. */
const maxAttempts = 4;

/** The account's virtual devices, reached with the maintenance role. Throws what `MfaDirectory` throws. */
export async function maintenanceDirectory(
  roleArn: string,
  runSignal: AbortSignal,
): Promise<MaintenanceDirectory> {
  const { looking, deleting } = await clients(roleArn).catch(failed);
  return {
    unassigned: () => unassignedDevices(looking, runSignal),

    listTags: (SerialNumber, signal) =>
      readTags(looking, SerialNumber, { abortSignal: signal }).catch(failed),

    remove: async (SerialNumber, signal) => {
      const command = new DeleteVirtualMFADeviceCommand({ SerialNumber });
      await deleting.send(command, { abortSignal: signal }).catch(failed);
    },
  };
}

async function* unassignedDevices(iam: IAMClient, abortSignal: AbortSignal): AsyncGenerator<string[]> {
  let Marker: string | undefined;
  do {
    const command = new ListVirtualMFADevicesCommand({
      AssignmentStatus: 'Unassigned',
      MaxItems: 1000,
      ...(Marker !== undefined && { Marker }),
    });
    const page = await iam.send(command, { abortSignal }).catch(failed);
    yield (page.VirtualMFADevices ?? []).map(({ SerialNumber = '' }) => SerialNumber);
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
}

async function clients(roleArn: string) {
  const { accessKeyId, secretAccessKey, sessionToken } = await assumeRole(roleArn, sourceIdentity);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const looking = observedClient(new IAMClient({ ...clientSettings, maxAttempts, credentials }));
  const { requestHandler } = looking.config;
  const retryStrategy = retryOnlyThrottling(maxAttempts);
  return { looking, deleting: observedClient(new IAMClient({ requestHandler, retryStrategy, credentials })) };
}

const failed = (error: unknown): never => {
  throw toProblem(error);
};
