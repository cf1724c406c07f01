import * as z from 'zod/mini';
import { mostDevices } from './audit.ts';

const text = (most: number) => z.string().check(z.maxLength(most));
const optionalText = (most: number) => z.optional(z.nullable(text(most)));

/** The part of an audit line that events need: an `AuditEntry` without access key and problem. Drops the rest. */
export const auditLine = z.object({
  audit: z.literal(true),
  time: z.iso.datetime(),
  action: text(64),
  result: z.enum(['done', 'unchanged', 'refused', 'incomplete']),
  requestId: text(128),
  userName: optionalText(128),
  userArn: optionalText(2048),
  userId: optionalText(256),
  sourceIp: optionalText(64),
  system: optionalText(64),
  serialNumber: optionalText(256),
  replaces: optionalText(256),
  ownerId: optionalText(128),
  serialNumbers: z.optional(z.array(text(256)).check(z.maxLength(mostDevices))),
  recovery: z.optional(
    z.object({
      id: text(64),
      state: z.optional(text(32)),
      ticket: z.optional(z.object({ system: text(64), id: text(128) })),
      reason: z.optional(text(32)),
      userName: z.optional(text(64)),
      userId: z.optional(text(128)),
      requestedBy: z.optional(text(128)),
      failure: z.optional(text(32)),
      removedDevices: z.optional(
        z
          .array(z.object({ serialNumber: text(256), addedSinceRequest: z.boolean() }))
          .check(z.maxLength(mostDevices)),
      ),
    }),
  ),
  changes: z.array(text(64)).check(z.maxLength(64)),
});

export type AuditLine = z.output<typeof auditLine>;
