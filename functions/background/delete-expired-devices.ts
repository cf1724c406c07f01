import { maintenanceDirectory } from '../../shared/aws/iam/maintenance-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { maintenanceRole } from '../../shared/config/roles.ts';
import { deleteExpiredDevices } from '../../shared/devices/expired.ts';
import { auditFields } from '../../shared/events/audit.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { errorFields, log } from '../../shared/lib/log.ts';

export const handler = backgroundFunction(
  'delete-expired-devices',
  async ({ requestId, signal, millisLeft }) => {
    const { pending, deleted, failed, left } = await deleteExpiredDevices({
      directory: await maintenanceDirectory(maintenanceRole().MAINTENANCE_ROLE_ARN, signal),
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
  },
);
