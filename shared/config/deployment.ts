import * as z from 'zod/mini';
import { list, settings, wholeNumber } from './variables.ts';

/** Settings that concern every function. Defaults are those of the template's parameters. */
const schema = z.object({
  /** The deployed stage and API id: a request with any others has bypassed the gate. */
  STAGE: z.string().check(z.minLength(1)),
  API_ID: z.string().check(z.minLength(1)),
  /** Base path of a custom domain's mapping, with a leading slash; empty if there is none. */
  BASE_PATH: z._default(z.string().check(z.regex(/^(\/[\w.-]+)*$/)), ''),
  /** Origins whose pages may read responses. */
  ALLOWED_ORIGINS: list,
  /** Seconds for which a session with MFA counts as recent. */
  STEP_UP_MAX_AGE: wholeNumber(900, 60, 129_600),
  /** Seconds until a device that is not enabled expires. */
  ENROLMENT_EXPIRES_AFTER: wholeNumber(3600, 300, 604_800),
  /** Seconds for which a device that was resynchronised with an access key alone allows no changes; 0 for none. */
  RESYNC_COOL_DOWN: wholeNumber(86_400, 0, 604_800),
  /** Whether every user's first device needs an enrolment pass, or only that of a user guarded by a recovery. */
  FIRST_DEVICE: z._default(z.enum(['open', 'pass']), 'open'),
  /** Whether a user may be left without any active device. */
  ALLOW_REMOVING_LAST_DEVICE: z.pipe(
    z._default(z.enum(['true', 'false']), 'false'),
    z.transform((text) => text === 'true'),
  ),
  /** What authenticator apps show: the issuer, and a label with up to three placeholders. */
  OTPAUTH_ISSUER: z._default(z.string().check(z.regex(/^[^:]{1,64}$/u)), 'AWS'),
  OTPAUTH_LABEL: z._default(
    z.string().check(z.regex(/^([^:{}]|\{(userName|accountId|deviceName)\}){1,100}$/u)),
    '{userName}@{accountId} ({deviceName})',
  ),
});

export const deploymentSettings = settings(() => schema);
