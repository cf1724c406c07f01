import { auditFields } from '../shared/audit.ts';
import { changeLease } from '../shared/aws/change-lease.ts';
import { maintenanceDirectory } from '../shared/aws/maintenance-directory.ts';
import { errorFields, log } from '../shared/log.ts';
import { maintenanceEnv } from '../shared/maintenance-env.ts';
import { deleteExpiredDevices } from '../shared/mfa/expired.ts';
import { scheduled } from '../shared/scheduled.ts';

export const handler = scheduled('delete-expired-devices', async ({ requestId, signal, millisLeft }) => {
  const { pending, deleted, failed, left } = await deleteExpiredDevices({
    directory: await maintenanceDirectory(maintenanceEnv().MAINTENANCE_ROLE_ARN, signal),
    leaseOf: (userId, remainingMillis, deviceSignal) =>
      changeLease({ caller: { userId }, signal: deviceSignal, remainingMillis }),
    millisLeft,
    onDeleted: (device) =>
      log.info(
        'change',
        auditFields({
          action: 'delete-expired-enrolment',
          result: 'done',
          requestId,
          ...device,
          changes: ['DeleteVirtualMFADevice'],
        }),
      ),
    onFailure: (serialNumber, error) =>
      log.error('expired enrolment not deleted', { requestId, serialNumber, ...errorFields(error) }),
  });
  return {
    fields: { pending, deleted, failed, left },
    metrics: { EnrolmentsExpired: deleted, ...(failed > 0 && { Problems: failed }) },
  };
});
