import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { env } from '../../shared/config/deployment.ts';
import { ownPrefix } from '../../shared/devices/device-id.ts';
import type { EnrolmentContext, FirstEnrolmentContext } from '../../shared/devices/enrolment.ts';

type Call = Parameters<typeof mfaDirectory>[0] & Parameters<typeof changeLease>[0];

/** What the creation of the device `name` works with: AWS, and the settings of the deployment. */
export const enrolmentContext = (call: Call, name: string): EnrolmentContext => ({
  caller: call.caller,
  directory: mfaDirectory(call, `${ownPrefix(call.caller)}${name}`),
  lease: changeLease(call),
  settings: {
    issuer: env().OTPAUTH_ISSUER,
    label: env().OTPAUTH_LABEL,
    expiresAfter: env().ENROLMENT_EXPIRES_AFTER,
  },
});

/** The same for a first device. */
export const firstEnrolmentContext = (call: Call, name: string): FirstEnrolmentContext => ({
  ...enrolmentContext(call, name),
  firstDevice: env().FIRST_DEVICE,
});
