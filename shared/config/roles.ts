import * as z from 'zod/mini';
import { roleArn, settings } from './variables.ts';

/** The role for looking at users on behalf of the help desk; like those below, only set where it is assumed. */
export const auditRole = settings(z.object({ AUDIT_ROLE_ARN: roleArn }));

/** The role for executing recoveries. */
export const recoveryRole = settings(z.object({ RECOVERY_ROLE_ARN: roleArn }));

/** The role for deleting devices that nobody enabled in time. */
export const maintenanceRole = settings(z.object({ MAINTENANCE_ROLE_ARN: roleArn }));
