import { IAMClient } from '@aws-sdk/client-iam';
import type { MaintenanceDirectory } from '../../devices/expired.ts';
import { awsCall } from '../aws-call.ts';
import { clientSettings } from '../client.ts';
import { instrumentedClient } from '../instrument.ts';
import { retryOnlyThrottling } from '../retry.ts';
import { iamCall } from './iam-call.ts';
import { readTags, virtualDevices } from './iam-reads.ts';
import { assumeRole } from './sts.ts';
import { removeDevice } from './user-devices.ts';

/** Source identity in CloudTrail, since no person acts here. */
const sourceIdentity = 'expired-enrolments';
/** One more than for a request, since no one waits for the answer. If AWS still throttles, the run ends. */
const maxAttempts = 4;

/** The account's virtual devices, reached with the maintenance role. */
export async function maintenanceDirectory(
  roleArn: string,
  runSignal: AbortSignal,
): Promise<MaintenanceDirectory> {
  const { reading, deleting } = await awsCall(() => clients(roleArn));
  return {
    async *unassigned() {
      for await (const devices of virtualDevices(iamCall(reading, runSignal), 'Unassigned')) {
        yield devices.map(({ SerialNumber = '' }) => SerialNumber);
      }
    },
    until: (signal) => ({
      listTags: (serialNumber) => readTags(iamCall(reading, signal), serialNumber),
      remove: (serialNumber) => removeDevice(iamCall(deleting, signal), serialNumber),
    }),
  };
}

async function clients(roleArn: string) {
  const { accessKeyId, secretAccessKey, sessionToken } = await assumeRole(roleArn, sourceIdentity);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const reading = instrumentedClient(new IAMClient({ ...clientSettings, maxAttempts, credentials }));
  const { requestHandler } = reading.config;
  const retryStrategy = retryOnlyThrottling(maxAttempts);
  return {
    reading,
    deleting: instrumentedClient(new IAMClient({ requestHandler, retryStrategy, credentials })),
  };
}
