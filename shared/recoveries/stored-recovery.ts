import * as z from 'zod/mini';
import { recoveryFailure, recoveryReason, recoveryState, ticket } from '../contract/recovery-schemas.ts';
import { timestamp } from '../contract/schemas.ts';
import type { Recovery } from './recovery.ts';

const members = {
  id: z.string(),
  version: z.int(),
  state: recoveryState,
  ticket,
  reason: recoveryReason,
  evidence: z.optional(z.string()),
  userName: z.string(),
  userId: z.string(),
  userArn: z.string(),
  devices: z.array(z.object({ serialNumber: z.string(), enabledAt: timestamp })),
  targets: z.optional(z.array(z.string())),
  requestHash: z.string(),
  requestedBy: z.string(),
  requestedAt: timestamp,
  approvals: z.array(z.object({ by: z.string(), at: timestamp })),
  approvalsNeeded: z.int(),
  objectedAt: z.optional(timestamp),
  closedBy: z.optional(z.string()),
  closedAt: z.optional(timestamp),
  expiresAt: timestamp,
  executedAt: z.optional(timestamp),
  // Version 0.1 had a failure that no longer exists.
  failure: z.catch(z.optional(recoveryFailure), undefined),
  removalBegunAt: z.optional(timestamp),
  removedDevices: z.optional(
    z.array(
      z.object({
        serialNumber: z.string(),
        enabledAt: z.optional(timestamp),
        addedSinceRequest: z.boolean(),
      }),
    ),
  ),
  revokeAfter: z.optional(timestamp),
  revokedUntil: z.optional(timestamp),
  dueAt: z.optional(timestamp),
} satisfies Readonly<Record<keyof Recovery, z.ZodMiniType>>;

const schema = z.object(members);

/** A recovery as the table stores it. Equal recoveries give equal texts. */
export const storedRecovery = (recovery: Recovery): string => JSON.stringify(schema.parse(recovery));

/** A recovery from the table. Throws if it is incomplete: nothing may be decided on part of one. */
export const parseStoredRecovery = (text: string): Recovery => schema.parse(JSON.parse(text));
