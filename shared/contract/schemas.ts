import * as z from 'zod/mini';
import { recordOfEveryKey } from './every-key.ts';
import { deviceNamePattern, hardwareSerialNumberPattern, productTagPrefix } from './patterns.ts';

/** No path parameters or no query. Unknown fields are refused everywhere. */
export const nothing = z.strictObject({});
/** A request without a body. */
export const noBody = z.optional(z.undefined());

/** An answer without content. */
export const noContent = z.void();

/** Name of a virtual MFA device in its owner's path; also its id. */
export const deviceName = z
  .string()
  .check(
    z.regex(
      deviceNamePattern,
      'must be 1 to 64 letters, digits, dots, underscores or hyphens, and not "." or ".."',
    ),
  );

/** A device's id: its name, or `~` and the base64url of its serial number. */
export const deviceId = z
  .string()
  .check(
    z.regex(
      /^(?!\.{1,2}$)(?:[A-Za-z0-9._-]{1,64}|~[A-Za-z0-9_-]{12,342})$/,
      'must be a device name, or "~" and a serial number in base64url',
    ),
  );

/** A TOTP of six digits (RFC 6238). */
export const authenticationCode = z
  .string()
  .check(z.regex(/^\d{6}$/, 'must be the six digits that the device shows'));

const twoCodes = { code1: authenticationCode, code2: authenticationCode };

const differ = z.refine<{ code1: string; code2: string }>(({ code1, code2 }) => code1 !== code2, {
  path: ['code2'],
  error: 'must be the code that the device shows after code1; wait for it to change',
});

/** The requested page of a list. */
export const pageQuery = z.strictObject({
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^(1000|[1-9]\d{0,2})$/, 'must be a whole number from 1 to 1000')),
      z.transform(Number),
    ),
    100,
  ),
  cursor: z.optional(z.string().check(z.maxLength(1024, 'must be the "next" of an earlier page'))),
});

/** Cursor of the next page; absent on the last one. */
export const next = z.optional(z.string());

/** Two consecutive codes; equal ones are refused before AWS sees them. */
export const consecutiveCodes = z.strictObject(twoCodes).check(differ);

/** A secret that lets its user enrol once: 120 bits as 24 base32 characters in groups. */
export const enrolmentPass = z
  .string()
  .check(
    z.regex(
      /^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/,
      'must be the enrolment pass: six groups of four letters a to z or digits 2 to 7, separated by hyphens',
    ),
  );

/** Consecutive codes, with the enrolment pass of a user who needs one. */
export const codesOfFirstDevice = z
  .strictObject({ ...twoCodes, pass: z.optional(enrolmentPass) })
  .check(differ);

/** Consecutive codes, with the id of the device that the enabled one replaces. */
export const replacingCodes = z.strictObject({ ...twoCodes, replaces: z.optional(deviceId) }).check(differ);

/** Consecutive codes, with the id of the device that shows them. */
export const codesOfDevice = z.strictObject({ deviceId, ...twoCodes }).check(differ);

const tagCharacters = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]`;

/**
 * Text in the characters that IAM tags allow. AWS does not document whether a character beyond the basic plane counts
 * once or twice; here it counts twice.
 */
const tagText = (pattern: string, flags: string, most: number, message: string) =>
  z.string().check(
    z.regex(new RegExp(pattern, flags), { error: message, abort: true }),
    z.refine((text) => text.length <= most, message),
  );

/** A tag's key. The prefixes of AWS and of this service are reserved. */
export const tagKey = tagText(
  `^(?!aws:|${productTagPrefix})${tagCharacters}{1,128}$`,
  'iu',
  128,
  'must be 1 to 128 letters, digits, spaces or any of _ . : / = + - @, and not begin with "aws:" or ' +
    '"mfa-self-service:"',
);

const tagValue = tagText(
  `^${tagCharacters}{0,256}$`,
  'u',
  256,
  'must be at most 256 letters, digits, spaces or any of _ . : / = + - @',
);

/** The owner's tags. AWS allows at most 50 on a device. */
export const tags = /* @__PURE__ */ recordOfEveryKey(z.string(), z.string());

/** Tags to add to a device. */
export const newTags = recordOfEveryKey(tagKey, tagValue).check(
  z.refine((record) => Object.keys(record).length > 0, 'must have at least one tag'),
  z.refine((record) => Object.keys(record).length <= 50, 'must have at most 50 tags'),
);

/** Serial number of a hardware TOTP token, as printed on it. */
export const hardwareSerialNumber = z
  .string()
  .check(
    z.regex(
      hardwareSerialNumberPattern,
      'must be the serial number of a hardware token: 9 or more letters, digits, _ or -',
    ),
  );

/** The owner's name for their device, in characters that IAM tags allow. */
export const deviceLabel = tagText(
  `^${tagCharacters}{1,256}$`,
  'u',
  256,
  'must be 1 to 256 letters, digits, spaces or any of _ . : / = + - @',
);

const newDeviceFields = { name: deviceName, label: z.optional(deviceLabel) };

export const newDevice = z.strictObject(newDeviceFields);

/** A new device, with the enrolment pass of a user who needs one. */
export const newFirstDevice = z.strictObject({ ...newDeviceFields, pass: z.optional(enrolmentPass) });

/** RFC 3339 in UTC. */
export const timestamp = z.iso.datetime();

const deviceFields = {
  id: deviceId,
  name: z.string(),
  kind: z.enum(['virtual', 'hardware-totp', 'fido']),
  serialNumber: z.string(),
  status: z.enum(['pending', 'active']),
  enabledAt: z.optional(timestamp),
};

/** A device in a list. */
export const deviceSummary = z.strictObject(deviceFields);

/** A single device. `tags` are the owner's, without the product's. */
export const device = z.strictObject({
  ...deviceFields,
  label: z.optional(z.string()),
  expiresAt: z.optional(timestamp),
  tags,
});

/** A device just created. `base32Seed` and whatever contains it are shown only once. */
export const createdDevice = z.strictObject({
  ...deviceFields,
  label: z.optional(z.string()),
  expiresAt: timestamp,
  tags,
  base32Seed: z.string(),
  otpauthUri: z.string(),
  qrCode: z.string(),
});

/** A device just enabled. STS accepts its codes from `usableForSessionsFrom` on. */
export const enabledDevice = z.strictObject({ ...deviceFields, usableForSessionsFrom: timestamp });

/** A device just resynchronised with an access key alone: devices can be changed from `changesAllowedFrom` on. */
export const resyncedDevice = z.strictObject({
  ...deviceFields,
  usableForSessionsFrom: timestamp,
  changesAllowedFrom: z.optional(timestamp),
});

/** Temporary credentials of STS GetSessionToken. */
export const session = z.strictObject({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: timestamp,
});
