import type { HeldLease } from '../../shared/lease/ports.ts';

/** A held lease without a table behind it. */
export function fakeLease(kept: Partial<Pick<HeldLease, 'guard' | 'pass' | 'recent'>> = {}): HeldLease {
  let { guard, pass } = kept;
  return {
    get guard() {
      return guard;
    },
    get pass() {
      return pass;
    },
    recent: kept.recent ?? [],
    putGuard: async (next) => {
      guard = next;
    },
    liftGuard: async () => {
      guard = undefined;
      pass = undefined;
    },
    putPass: async (next) => {
      pass = next;
    },
    record: async () => undefined,
    forget: async () => undefined,
  };
}
