import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { recoveryRequest } from '../contract/recovery-schemas.ts';
import type { ActiveDevice } from '../devices/ports.ts';
import { base32 } from '../lib/base32.ts';
import type { IamUser } from './ports.ts';
import type { Recovery, RecoveryReason, Ticket } from './recovery.ts';
import { initialState } from './state-machine.ts';

export type RecoveryRequest = z.output<typeof recoveryRequest>;

/** What a new recovery is made from. */
export interface Beginning {
  readonly request: RecoveryRequest & { readonly reason: RecoveryReason };
  readonly requestedBy: string;
  readonly user: IamUser;
  readonly active: readonly ActiveDevice[];
  /** Serial numbers of the devices to remove; undefined for all. */
  readonly targets: readonly string[] | undefined;
  readonly approvalsNeeded: number;
  /** Seconds. */
  readonly expiresAfter: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const idLength = 26;

/** The id is derived from the ticket, so a repeated request can never create a second recovery. */
export function recoveryIdOf({ system, id }: Pick<Ticket, 'system' | 'id'>): string {
  const digest = createHash('sha256').update(`${system}\n${id}`).digest();
  return base32(digest).slice(0, idLength);
}

/** Distinguishes a repeated request from a different one for the same ticket. The devices' order does not matter. */
export function requestHashOf({ ticket, userName, reason, deviceIds, evidence }: RecoveryRequest): string {
  const { system, id, url } = ticket;
  const devices = deviceIds === undefined ? undefined : [...deviceIds].sort();
  // null for what is left out, so that nothing shifts into its place.
  const content = [system, id, url, userName, reason, devices, evidence].map((part) => part ?? null);
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** The first version of a recovery. */
export function newRecovery(beginning: Beginning): Recovery {
  const { request, requestedBy, user, active, targets, approvalsNeeded, expiresAfter, now } = beginning;
  const expiresAt = new Date(now + expiresAfter * 1000).toISOString();
  return {
    id: recoveryIdOf(request.ticket),
    version: 1,
    state: initialState,
    ticket: request.ticket,
    reason: request.reason,
    ...(request.evidence !== undefined && { evidence: request.evidence }),
    ...user,
    devices: active.map(({ serialNumber, enabledAt }) => ({
      serialNumber,
      enabledAt: enabledAt.toISOString(),
    })),
    ...(targets !== undefined && { targets }),
    requestHash: requestHashOf(request),
    requestedBy,
    requestedAt: new Date(now).toISOString(),
    approvals: [],
    approvalsNeeded,
    expiresAt,
    dueAt: expiresAt,
  };
}
