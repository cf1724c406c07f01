import { deleteExpiredDevices } from '../../shared/devices/expired.ts';
import { auditFields } from '../../shared/events/audit.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { errorFields, log } from '../../shared/lib/log.ts';
import { expiryContext } from '../wiring/expiry.ts';

export const handler = backgroundFunction('delete-expired-devices', async (run) => {
  const { requestId } = run;
  const { pending, deleted, failed, left } = await deleteExpiredDevices({
    ...(await expiryContext(run)),
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
