import * as z from 'zod/mini';
import { recoveryIdPattern } from './patterns.ts';
import { isNoLink, isOfOneScript, personCharacters } from './person-name.ts';
import { deviceId, timestamp } from './schemas.ts';

/** A recovery's id, derived from its ticket so that a request can be repeated. */
export const recoveryId = z
  .string()
  .check(z.regex(recoveryIdPattern, 'must be the id of a recovery: 26 letters a to z and digits 2 to 7'));

/** An IAM user's name. */
export const userName = z
  .string()
  .check(
    z.regex(
      /^[\w+=,.@-]{1,64}$/,
      'must be the name of an IAM user: 1 to 64 letters, digits or any of _ + = , . @ -',
    ),
  );

/**
 * A person's name in the ticketing system or the identity provider. It is compared with those of approvers, and shown
 * to them and to users.
 */
export const personName = z.string().check(
  z.regex(personCharacters, {
    error: 'must be 1 to 128 letters, digits, spaces or any of _ + = , . @ : -',
    abort: true,
  }),
  z.refine(isOfOneScript, 'must be of one script: look-alikes could pass for another person'),
  z.refine(isNoLink, 'must not look like an address of the web'),
);

const ticketFields = {
  system: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 lower-case letters, digits or hyphens')),
  id: z
    .string()
    .check(z.regex(/^[\w.:#/-]{1,128}$/, 'must be 1 to 128 letters, digits or any of _ . : # / -')),
  url: z.optional(
    z
      .string()
      .check(
        z.regex(/^https:\/\/[\x21-\x7e]+$/, 'must be an https URL'),
        z.maxLength(512, 'must be at most 512 characters'),
      ),
  ),
};

export const ticket = z.strictObject(ticketFields);

/** Why the devices are to be removed. `out_of_sync` is accepted only to point to resynchronisation. */
export const requestedReason = z.enum(['lost', 'stolen', 'broken', 'replaced', 'out_of_sync']);

export const recoveryReason = z.enum(['lost', 'stolen', 'broken', 'replaced']);

export const recoveryState = z.enum([
  'requested',
  'objected',
  'approved',
  'executing',
  'executed',
  'denied',
  'cancelled',
  'expired',
  'failed',
]);

/** Why an execution failed. */
export const recoveryFailure = z.enum(['user-changed', 'policy-quota']);

/** What a ticket, or an agent on its behalf, requests. */
export const recoveryRequest = z.strictObject({
  ticket,
  userName,
  reason: requestedReason,
  deviceIds: z.optional(
    z.array(deviceId).check(
      z.minLength(1, 'must have at least one id, or be left out for all devices'),
      z.maxLength(8, 'must have at most 8 ids'),
      z.refine((ids) => new Set(ids).size === ids.length, 'must not name a device twice'),
    ),
  ),
  evidence: z.optional(
    z.string().check(z.minLength(1), z.maxLength(1000, 'must be at most 1000 characters')),
  ),
});

/** One person's approval. */
export const approval = z.strictObject({ by: z.string(), at: timestamp });

/** A device that a recovery is to remove, as it was at the time of the request. */
export const recoveryDevice = z.strictObject({
  id: deviceId,
  name: z.string(),
  kind: z.enum(['virtual', 'hardware-totp', 'fido']),
  serialNumber: z.string(),
  enabledAt: timestamp,
});

/** A device that a recovery removed, or found removed already. */
export const removedDevice = z.strictObject({
  ...recoveryDevice.shape,
  enabledAt: z.optional(timestamp),
  /** Whether it was enabled after the request, so that those who approved did not see it. */
  addedSinceRequest: z.boolean(),
});

const recoveryFields = {
  id: recoveryId,
  state: recoveryState,
  ticket,
  userName: z.string(),
  reason: recoveryReason,
  requestedBy: z.string(),
  requestedAt: timestamp,
  approvals: z.array(approval),
  /** How many approvals it needs, including one more after an objection. */
  approvalsNeeded: z.int(),
  objectedAt: z.optional(timestamp),
  /** Who denied or cancelled it. */
  closedBy: z.optional(z.string()),
  closedAt: z.optional(timestamp),
  expiresAt: timestamp,
  executedAt: z.optional(timestamp),
  failure: z.optional(recoveryFailure),
  /** The devices to remove, as they were at the time of the request. */
  devices: z.array(recoveryDevice),
  /** From the execution on. */
  removedDevices: z.optional(z.array(removedDevice)),
};

/** A recovery as its subject sees it. */
export const ownRecovery = z.strictObject(recoveryFields);

/** A recovery as agents and approvers see it. */
export const recovery = z.strictObject({ ...recoveryFields, evidence: z.optional(z.string()) });
