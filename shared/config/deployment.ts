import * as z from 'zod/mini';
import { roleArn, settings, wholeNumber } from './variables.ts';

/** Parts of a text that are separated by commas. */
const list = z.pipe(
  z._default(z.string(), ''),
  z.transform((text) => text.split(',').filter((part) => part !== '')),
);

/** What every function needs to know of its deployment. Defaults are those of serverless.yml. */
const schema = z.object({
  /** The deployed stage and API id: a request that shows others came past the gate. */
  STAGE: z.string().check(z.minLength(1)),
  API_ID: z.string().check(z.minLength(1)),
  /** Base path of a custom domain's mapping, with its leading slash; empty without one. */
  BASE_PATH: z._default(z.string().check(z.regex(/^(\/[\w.-]+)*$/)), ''),
  TABLE_NAME: z.string().check(z.minLength(1)),
  /** The role assumed for every call to IAM. */
  DEVICE_ROLE_ARN: roleArn,
  /** The STS endpoint to sign GetSessionToken for, and others that are accepted, separated by commas. */
  STS_ENDPOINT: z.url(),
  STS_OTHER_ENDPOINTS: list,
  /** Origins whose pages may read answers, separated by commas. */
  ALLOWED_ORIGINS: list,
  /** Makes cursors tamper-proof. */
  CURSOR_KEY: z.string().check(z.minLength(32)),
  /** Seconds that a session with MFA counts as recent. */
  STEP_UP_MAX_AGE: wholeNumber(900, 60, 129_600),
  /** Seconds until a device that nobody enables expires. */
  ENROLMENT_EXPIRES_AFTER: wholeNumber(3600, 300, 604_800),
  /** Whether a first device needs an enrolment pass of everybody, or only of those under the guard of a recovery. */
  FIRST_DEVICE: z._default(z.enum(['open', 'pass']), 'open'),
  /** The managed policy that a recovery attaches, and an enrolment with a pass detaches. */
  ENROLMENT_HOLD_ARN: z._default(z.string(), ''),
  /** Whether a user may be left without any active device. */
  ALLOW_REMOVING_LAST_DEVICE: z.pipe(
    z._default(z.enum(['true', 'false']), 'false'),
    z.transform((text) => text === 'true'),
  ),
  /** What authenticator apps show: the issuer, and the label in which three placeholders are filled in. */
  OTPAUTH_ISSUER: z._default(z.string().check(z.regex(/^[^:]{1,64}$/)), 'AWS'),
  OTPAUTH_LABEL: z._default(
    z.string().check(z.regex(/^([^:{}]|{(userName|accountId|deviceName)}){1,100}$/)),
    '{userName}@{accountId} ({deviceName})',
  ),
});

export const deploymentSettings = settings(schema);
