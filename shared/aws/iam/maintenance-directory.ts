import { IAMClient } from '@aws-sdk/client-iam';
import type { MaintenanceDirectory } from '../../devices/expiry/ports.ts';
import { awsCall } from '../aws-call.ts';
import { clientSettings } from '../client.ts';
import { instrumentedClient } from '../instrument.ts';
import { retryOnlyThrottling } from '../retry.ts';
import { iamCall } from './iam-call.ts';
import { readTags, virtualDevices } from './iam-reads.ts';
import { assumeRole } from './sts.ts';
import { removeDevice, untagDevice } from './user-devices.ts';

/** Source identity in CloudTrail, since no person acts here. */
const sourceIdentity = 'expired-enrolments';
/** One more than for a request, since no one waits for the answer. If AWS still throttles, the run ends. */
const maxAttempts = 4;

/** The account's virtual devices, reached with the maintenance role. */
export async function maintenanceDirectory(
  roleArn: string,
  runSignal: AbortSignal,
): Promise<MaintenanceDirectory> {
  const { repeating, deleting } = await awsCall(() => clients(roleArn));
  return {
    async *unassigned() {
      for await (const devices of virtualDevices(iamCall(repeating, runSignal), 'Unassigned')) {
        yield devices.map(({ SerialNumber = '' }) => SerialNumber);
      }
    },
    async *assigned() {
      for await (const devices of virtualDevices(iamCall(repeating, runSignal), 'Assigned')) {
        yield devices.map(({ SerialNumber = '', EnableDate = new Date(0) }) => ({
          serialNumber: SerialNumber,
          enabledAt: EnableDate,
        }));
      }
    },
    until: (signal) => ({
      listTags: (serialNumber) => readTags(iamCall(repeating, signal), serialNumber),
      remove: (serialNumber) => removeDevice(iamCall(deleting, signal), serialNumber),
      untag: (serialNumber, keys) => untagDevice(iamCall(repeating, signal), serialNumber, keys),
    }),
  };
}

async function clients(roleArn: string) {
  const { accessKeyId, secretAccessKey, sessionToken } = await assumeRole(roleArn, sourceIdentity);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const repeating = instrumentedClient(new IAMClient({ ...clientSettings, maxAttempts, credentials }));
  const { requestHandler } = repeating.config;
  const retryStrategy = retryOnlyThrottling(maxAttempts);
  return {
    repeating,
    deleting: instrumentedClient(new IAMClient({ requestHandler, retryStrategy, credentials })),
  };
}
