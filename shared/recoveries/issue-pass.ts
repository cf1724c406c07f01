import { Problem } from '../contract/problem.ts';
import { newPass } from '../lease/pass.ts';
import type { ChangeLease, HeldLease } from '../lease/ports.ts';
import { secondsUntilStale } from '../lease/staleness.ts';
import { recordWrite } from './audit-trail.ts';
import { existing } from './change-recovery.ts';
import type { RecoveryStore, UserDirectory } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { recoveryClosed } from './refusals.ts';
import { assertNeitherRequesterNorSubject } from './separation-of-duties.ts';
import { assertOnlyOne } from './under-way.ts';

export interface PassContext {
  readonly store: Pick<RecoveryStore, 'get'>;
  readonly directoryOf: (userName: string) => UserDirectory;
  /** The lease of the user with this UserId. */
  readonly leaseOf: (userId: string) => ChangeLease;
}

/**
 * Issues the pass with which the subject of an executed recovery enrols again; any earlier pass becomes void. Neither
 * the requester nor the subject may issue it. Throws `recovery-not-found`, `separation-of-duties`, `recovery-closed` if
 * the recovery is not executed, the user has already enrolled again or another recovery is under way, `user-not-found`,
 * `busy`, and whatever store and directory throw.
 */
export async function issueEnrolmentPass(id: string, by: string, context: PassContext) {
  const recovery = await existing(id, context.store);
  assertNeitherRequesterNorSubject(recovery, by);
  if (recovery.state !== 'executed')
    throw recoveryClosed(`The recovery is ${recovery.state}. A pass can be issued once it is executed.`);
  const directory = context.directoryOf(recovery.userName);
  await assertSameUser(recovery, directory);
  return context.leaseOf(recovery.userId).run(async (lease) => {
    if (lease.guard?.recoveryId !== id) throw enrolledAgain(recovery);
    const { recoveryUnderWay } = lease;
    await assertOnlyOne(recovery, { guard: undefined, recoveryUnderWay }, context.store);
    await assertNoDevice(recovery, lease, directory);
    const { pass, stored } = newPass(id);
    await recordWrite('IssueEnrolmentPass', () => lease.putPass(stored).then(() => true));
    return { enrolmentPass: pass, expiresAt: new Date(stored.expiresAt).toISOString() };
  });
}

/** What only the lease remembers, or remembers otherwise than IAM's list, may have come to nothing: time will tell. */
async function assertNoDevice(
  recovery: Recovery,
  { recent }: HeldLease,
  directory: UserDirectory,
): Promise<void> {
  const active = new Set((await directory.listActive()).map(({ serialNumber }) => serialNumber));
  const gone = new Set(recent.filter((change) => !change.active).map(({ serialNumber }) => serialNumber));
  if ([...active].some((serialNumber) => !gone.has(serialNumber))) throw enrolledAgain(recovery);
  const unclear = recent.filter((change) => change.active !== active.has(change.serialNumber));
  if (unclear.length === 0) return;
  throw new Problem(
    'busy',
    `It is not certain yet whether the user ${recovery.userName} has an MFA device. Try again later.`,
    { retryAfter: secondsUntilStale(unclear) },
  );
}

/** Another user may have the name by now. */
async function assertSameUser({ userName, userId }: Recovery, directory: UserDirectory): Promise<void> {
  const user = await directory.getUser();
  if (user.userId === userId) return;
  throw new Problem(
    'user-not-found',
    `The user ${userName} for whom the recovery was made no longer exists.`,
  );
}

const enrolledAgain = ({ userName }: Recovery): Problem =>
  recoveryClosed(
    `The user ${userName} already has an MFA device, or has another recovery that takes precedence, ` +
      'so this one cannot issue a pass.',
  );
