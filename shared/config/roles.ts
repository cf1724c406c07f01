import * as z from 'zod/mini';
import { roleArn, settings } from './variables.ts';

/** The role for the caller's own devices: of a function that only reads them, one that can only read. */
export const deviceRole = /* @__PURE__ */ settings(() => z.object({ DEVICE_ROLE_ARN: roleArn }));

/** The role for reading about users for the help desk. Each of these is set only for functions that assume it. */
export const auditRole = /* @__PURE__ */ settings(() => z.object({ AUDIT_ROLE_ARN: roleArn }));

/** The role for executing recoveries. */
export const recoveryRole = /* @__PURE__ */ settings(() => z.object({ RECOVERY_ROLE_ARN: roleArn }));

/** The role for deleting devices that were not enabled in time. */
export const maintenanceRole = /* @__PURE__ */ settings(() => z.object({ MAINTENANCE_ROLE_ARN: roleArn }));

/** The managed policy that a recovery attaches and an enrolment with a pass detaches. */
export const enrolmentHoldPolicy = /* @__PURE__ */ settings(() =>
  z.object({ ENROLMENT_HOLD_ARN: z.string().check(z.regex(/^arn:[\w-]+:iam::\d{12}:policy\/.+$/)) }),
);
