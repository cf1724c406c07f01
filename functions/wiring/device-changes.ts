import { enrolmentHold } from '../../shared/aws/iam/enrolment-hold.ts';
import { prepareDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease, userRecord } from '../../shared/aws/table/change-lease.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import type { ActivationContext } from '../../shared/devices/activation.ts';
import { ownPrefix } from '../../shared/devices/device-id.ts';
import type { EnrolmentContext, FirstEnrolmentContext } from '../../shared/devices/enrolment.ts';
import type { FirstActivationContext } from '../../shared/devices/first-activation.ts';
import type { RemovalContext } from '../../shared/devices/removal.ts';
import type { OnlyResyncContext, ResyncContext } from '../../shared/devices/resync.ts';
import type { Call } from '../../shared/http/endpoint.ts';
import { deviceContext } from './devices.ts';

const coolDown = () => ({ resyncCoolDown: deploymentSettings().RESYNC_COOL_DOWN });

/** @param name the name of the device to create */
export function enrolmentContext(call: Call, name: string): EnrolmentContext {
  const serialNumber = `${ownPrefix(call.caller)}${name}`;
  // A creation calls IAM only under the lease, which takes a while.
  prepareDirectory(call, serialNumber);
  return {
    ...deviceContext(call, serialNumber),
    ...coolDown(),
    lease: changeLease(call),
    settings: {
      issuer: deploymentSettings().OTPAUTH_ISSUER,
      label: deploymentSettings().OTPAUTH_LABEL,
      expiresAfter: deploymentSettings().ENROLMENT_EXPIRES_AFTER,
    },
  };
}

export const firstEnrolmentContext = (call: Call, name: string): FirstEnrolmentContext => ({
  ...enrolmentContext(call, name),
  firstDevice: deploymentSettings().FIRST_DEVICE,
});

export const activationContext = (call: Call, ...serialNumbers: readonly string[]): ActivationContext => ({
  ...deviceContext(call, ...serialNumbers),
  ...coolDown(),
  lease: changeLease(call),
  budget: codeBudget(call),
});

export const firstActivationContext = (call: Call, serialNumber: string): FirstActivationContext => ({
  ...activationContext(call, serialNumber),
  userRecord: userRecord(call),
  hold: enrolmentHold(call, serialNumber),
  firstDevice: deploymentSettings().FIRST_DEVICE,
});

export const removalContext = (call: Call, serialNumber: string): RemovalContext => ({
  ...deviceContext(call, serialNumber),
  ...coolDown(),
  lease: changeLease(call),
  allowRemovingLast: deploymentSettings().ALLOW_REMOVING_LAST_DEVICE,
});

export const resyncContext = (call: Call, serialNumber: string): ResyncContext => ({
  ...deviceContext(call, serialNumber),
  budget: codeBudget(call),
});

export const onlyResyncContext = (call: Call, serialNumber: string): OnlyResyncContext => ({
  ...resyncContext(call, serialNumber),
  ...coolDown(),
  lease: changeLease(call),
  stepUpMaxAge: deploymentSettings().STEP_UP_MAX_AGE,
});
