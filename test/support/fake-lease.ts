import type { HeldLease, UserRecord } from '../../shared/lease/ports.ts';

/** A held lease without a table behind it. */
export function fakeLease(kept: Partial<UserRecord> = {}): HeldLease {
  const record = {
    guard: kept.guard,
    pass: kept.pass,
    recoveryUnderWay: kept.recoveryUnderWay,
    creations: kept.creations ?? [],
    resyncs: kept.resyncs ?? [],
    recent: kept.recent ?? [],
  };
  return Object.assign(record, {
    write: async (next: Partial<UserRecord>) => {
      Object.assign(record, next);
    },
    putGuard: async (guard: UserRecord['guard']) => {
      record.guard = guard;
    },
    liftGuard: async () => {
      record.guard = undefined;
      record.pass = undefined;
    },
    putPass: async (pass: UserRecord['pass']) => {
      record.pass = pass;
    },
    record: async () => undefined,
    forget: async () => undefined,
  });
}
