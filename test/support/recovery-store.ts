import type { ListRequest, RecoveryList, RecoveryStore } from '../../shared/recoveries/ports.ts';
import type { Recovery } from '../../shared/recoveries/recovery.ts';

/** An in-memory store whose cursors are positions. */
export function memoryRecoveryStore(...recoveries: readonly Recovery[]): RecoveryStore {
  const byId = new Map(recoveries.map((recovery) => [recovery.id, recovery]));
  const list = (isWanted: (recovery: Recovery) => boolean, { limit, after }: ListRequest): RecoveryList => {
    const all = [...byId.values()]
      .filter(isWanted)
      .sort((one, other) => (one.requestedAt < other.requestedAt ? 1 : -1));
    const start = Number(after ?? 0);
    const end = start + limit;
    return { items: all.slice(start, end), last: end < all.length ? String(end) : undefined };
  };
  return {
    get: async (id) => byId.get(id),
    create: async (recovery) => {
      if (byId.has(recovery.id)) return false;
      byId.set(recovery.id, recovery);
      return true;
    },
    replace: async (next) => {
      if (byId.get(next.id)?.version !== next.version - 1) return false;
      byId.set(next.id, next);
      return true;
    },
    listByState: async (state, request) => list((recovery) => recovery.state === state, request),
    listBySubject: async (userId, request) => list((recovery) => recovery.userId === userId, request),
    listDue: async (now) =>
      [...byId.values()]
        .filter(({ dueAt }) => dueAt !== undefined && Date.parse(dueAt) <= now)
        .sort((one, other) => ((one.dueAt ?? '') < (other.dueAt ?? '') ? -1 : 1))
        .map(({ id }) => id),
  };
}
