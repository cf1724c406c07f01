import { env } from '../env.ts';
import { ownPrefix } from '../mfa/device-id.ts';
import type { EnrolmentContext, FirstEnrolmentContext } from '../mfa/enrolment.ts';
import { changeLease } from './change-lease.ts';
import { mfaDirectory } from './mfa-directory.ts';

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
