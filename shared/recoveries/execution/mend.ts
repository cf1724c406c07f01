import { isProblem } from '../../contract/problem.ts';
import type { Guard, HeldLease } from '../../lease/ports.ts';
import { staleMillis } from '../../lease/staleness.ts';
import { clock } from '../../lib/clock.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { recordRecovery } from '../audit-trail.ts';
import type { IamUser } from '../ports.ts';
import type { Recovery } from '../recovery.ts';
import { isUnderWay } from '../under-way.ts';
import type { RecoveryDirectory } from './ports.ts';
import type { HeldUser, ListedGuard, ReconcilePorts } from './reconcile-ports.ts';

/**
 * What became of a user whose hold and guard did not match. `consistent`: they do by now; `left`: nothing may be done
 * yet; `unexplained`: no recovery of ours can have attached the hold.
 */
export type Mending =
  | 'hold-removed'
  | 'hold-attached'
  | 'guard-lifted'
  | 'consistent'
  | 'left'
  | 'unexplained';

/** How long one user's lease is held at most, and what bounds their calls. */
export interface MendTime {
  readonly millis: number;
  readonly signal: AbortSignal;
}

/** Milliseconds until a guard is compared again that nothing could be done about. */
const leftMillis = 3_600_000;
/** Recoveries looked at for the one that attached a hold: the latest. */
const lookedAt = 100;

/**
 * The user has a hold and no guard. Under the lease that is never on the way to anything: an execution puts the guard
 * first, and whoever lifts both detaches the hold first. It is a late effect at IAM, or one that was lost.
 */
export async function mendHold(
  held: HeldUser,
  ports: ReconcilePorts,
  { millis, signal }: MendTime,
): Promise<Mending> {
  const cause = await causeOf(held, ports);
  if (cause === undefined || cause === 'under-way') return cause === undefined ? 'unexplained' : 'left';
  return ports.leaseOf(held.userId, millis, signal).run(async (lease) => {
    if (lease.guard !== undefined) {
      // A guard of an earlier version is in no list until it is written again.
      await lease.write({ guard: lease.guard });
      return 'consistent';
    }
    recordRecovery(cause);
    const { userName } = held;
    const directory = await directoryOfUser({ ...cause, userName }, held.userId, ports, signal);
    if (directory === undefined) return 'left';
    await directory.detachHold();
    return currentInvocation().changes.size > 0 ? 'hold-removed' : 'consistent';
  });
}

/**
 * The recovery that attached the hold to the user, or was about to attach it to another one of their name. Without one,
 * the table may be an old or a new one: then a hold is all that still protects its user.
 */
async function causeOf(
  { userId, userName }: HeldUser,
  { store }: ReconcilePorts,
): Promise<Recovery | 'under-way' | undefined> {
  const { items } = await store.listBySubject(userId, { limit: lookedAt });
  if (items.some(({ state }) => isUnderWay(state))) return 'under-way';
  const own = items.find(({ state }) => state === 'executed' || state === 'failed');
  if (own !== undefined) return own;
  const failed = await store.listByState('failed', { limit: lookedAt });
  return failed.items.find((one) => one.failure === 'user-changed' && one.userName === userName);
}

/** The user has a guard and no hold, so they can enrol around this API. */
export const mendGuard = (
  { userId }: ListedGuard,
  ports: ReconcilePorts,
  { millis, signal }: MendTime,
): Promise<Mending> =>
  ports.leaseOf(userId, millis, signal).run(async (lease) => {
    const { guard } = lease;
    if (guard === undefined) return 'consistent';
    const mending = await mendUnder(lease, guard, userId, ports, signal);
    const checkAfter = clock.now() + (mending === 'left' ? leftMillis : staleMillis);
    if (mending !== 'guard-lifted') await lease.write({ guard: { ...guard, checkAfter } });
    return mending;
  });

/**
 * The guard of a user who cannot be found stays: UserIds are not used again, but users are renamed. So does one whose
 * recovery took nothing.
 */
async function mendUnder(
  lease: HeldLease,
  guard: Guard,
  userId: string,
  ports: ReconcilePorts,
  signal: AbortSignal,
): Promise<'hold-attached' | 'guard-lifted' | 'left'> {
  const recovery = await ports.store.get(guard.recoveryId);
  if (recovery === undefined || recovery.userId !== userId) return 'left';
  recordRecovery(recovery);
  if (recovery.removalBegunAt === undefined && recovery.state !== 'executing') return 'left';
  const directory = await directoryOfUser(recovery, userId, ports, signal);
  if (directory === undefined) return 'left';
  if (recovery.state !== 'executing' && (await hasEnrolled(lease, guard, directory))) {
    currentInvocation().changes.add('LiftGuard');
    await lease.liftGuard();
    return 'guard-lifted';
  }
  return (await directory.attachHold()) ? 'hold-attached' : 'left';
}

/**
 * Whether the device is active that the pass paid for: then only the last step of enrolling is missing. Any other
 * active device may be a thief's, enrolled around this API.
 */
async function hasEnrolled(
  { pass, recent }: HeldLease,
  { recoveryId, at, mustRevoke = false }: Guard,
  directory: RecoveryDirectory,
): Promise<boolean> {
  if (mustRevoke || pass?.serialNumber === undefined || pass.recoveryId !== recoveryId) return false;
  const { serialNumber } = pass;
  if (recent.some((change) => change.serialNumber === serialNumber && !change.active)) return false;
  const active = await directory.listActive();
  return active.some((device) => device.serialNumber === serialNumber && device.enabledAt.getTime() > at);
}

/** Access to the user, if the one of this name is still the same. Reading goes by name, changes by ARN. */
async function directoryOfUser(
  { userName, userArn }: Pick<Recovery, 'userName' | 'userArn'>,
  userId: string,
  { directoryOf }: ReconcilePorts,
  signal: AbortSignal,
): Promise<RecoveryDirectory | undefined> {
  const user = await userNamed(directoryOf({ userName, userArn }, signal));
  return user?.userId === userId ? directoryOf(user, signal) : undefined;
}

async function userNamed(directory: RecoveryDirectory): Promise<IamUser | undefined> {
  try {
    return await directory.getUser();
  } catch (error) {
    if (isProblem(error, 'user-not-found')) return undefined;
    throw error;
  }
}
