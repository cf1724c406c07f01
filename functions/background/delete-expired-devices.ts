import type { AuditAction } from '../../shared/contract/operation.ts';
import type { OwnedDevice } from '../../shared/devices/expiry/ports.ts';
import { runExpiry } from '../../shared/devices/expiry/run.ts';
import { auditFields } from '../../shared/events/audit.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { errorFields, log } from '../../shared/lib/log.ts';
import { expiryContext } from '../wiring/expiry.ts';

export const handler = backgroundFunction('delete-expired-devices', async (run) => {
  const { requestId } = run;
  const logged = (action: AuditAction, change: string) => (device: OwnedDevice) =>
    log.info('change', auditFields({ action, result: 'done', requestId, ...device, changes: [change] }));
  const { pending, deleted, kept, failed, left } = await runExpiry({
    ...(await expiryContext(run)),
    onDeleted: logged('delete-expired-enrolment', 'DeleteVirtualMFADevice'),
    onKept: logged('end-expiry', 'UntagMFADevice'),
    onFailure: (what, error) =>
      log.error('expired enrolment not deleted', { requestId, ...what, ...errorFields(error) }),
  });
  return {
    fields: { pending, deleted, kept, failed, left },
    metrics: { EnrolmentsExpired: deleted, ...(failed > 0 && { Problems: failed }) },
  };
});
