import { DeleteVirtualMFADeviceCommand, IAMClient, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import type { MaintenanceDirectory } from '../../devices/expired.ts';
import { clientSettings } from '../client.ts';
import { toProblem } from '../errors.ts';
import { instrumentedClient } from '../instrument.ts';
import { retryOnlyThrottling } from '../retry.ts';
import { readTags } from './iam-reads.ts';
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
  const { looking, deleting } = await clients(roleArn).catch(throwProblem);
  return {
    unassigned: () => unassignedDevices(looking, runSignal),

    listTags: (SerialNumber, signal) =>
      readTags(looking, SerialNumber, { abortSignal: signal }).catch(throwProblem),

    remove: async (SerialNumber, signal) => {
      const command = new DeleteVirtualMFADeviceCommand({ SerialNumber });
      await deleting.send(command, { abortSignal: signal }).catch(throwProblem);
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
    const page = await iam.send(command, { abortSignal }).catch(throwProblem);
    yield (page.VirtualMFADevices ?? []).map(({ SerialNumber = '' }) => SerialNumber);
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
}

async function clients(roleArn: string) {
  const { accessKeyId, secretAccessKey, sessionToken } = await assumeRole(roleArn, sourceIdentity);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const looking = instrumentedClient(new IAMClient({ ...clientSettings, maxAttempts, credentials }));
  const { requestHandler } = looking.config;
  const retryStrategy = retryOnlyThrottling(maxAttempts);
  return {
    looking,
    deleting: instrumentedClient(new IAMClient({ requestHandler, retryStrategy, credentials })),
  };
}

const throwProblem = (error: unknown): never => {
  throw toProblem(error);
};
