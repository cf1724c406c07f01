import { currentInvocation } from '../lib/invocation.ts';
import type { Recovery } from './recovery.ts';

/** Notes for the audit which recovery the invocation is about, and its current state. */
export function recordRecovery(recovery: Recovery): void {
  const { id, state, ticket, reason, userName, userId, requestedBy, failure, removedDevices } = recovery;
  const { system, id: ticketId } = ticket;
  currentInvocation().recovery = {
    id,
    state,
    ticket: { system, id: ticketId },
    reason,
    userName,
    userId,
    requestedBy,
    ...(failure !== undefined && { failure }),
    ...(removedDevices !== undefined && { removedDevices }),
  };
}

/** Writes, and notes the change for the audit unless it certainly did not happen. */
export async function recordWrite(change: string, write: () => Promise<boolean>): Promise<boolean> {
  let written = true;
  try {
    written = await write();
    return written;
  } finally {
    if (written) currentInvocation().changes.add(change);
  }
}
