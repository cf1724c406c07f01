import { Problem } from '../contract/problem.ts';
import { newPass } from '../lease/pass.ts';
import type { ChangeLease } from '../lease/ports.ts';
import { recordWrite } from './audit-trail.ts';
import { existing } from './change-recovery.ts';
import type { RecoveryStore, UserDirectory } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { recoveryClosed } from './refusals.ts';
import { assertNeitherRequesterNorSubject } from './separation-of-duties.ts';

export interface PassContext {
  readonly store: Pick<RecoveryStore, 'get'>;
  readonly directoryOf: (userName: string) => UserDirectory;
  /** The lease of the user with this UserId. */
  readonly leaseOf: (userId: string) => ChangeLease;
}

/**
 * Issues the pass with which the subject of an executed recovery enrols again; any earlier pass becomes void. Neither
 * the requester nor the subject may issue it. Throws `recovery-not-found`, `separation-of-duties`, `recovery-closed` if
 * the recovery is not executed or the user has already enrolled again, `user-not-found`, `busy`, and whatever store and
 * directory throw.
 */
export async function issueEnrolmentPass(id: string, by: string, context: PassContext) {
  const recovery = await existing(id, context.store);
  assertNeitherRequesterNorSubject(recovery, by);
  if (recovery.state !== 'executed')
    throw recoveryClosed(`The recovery is ${recovery.state}. A pass can be issued once it is executed.`);
  const directory = context.directoryOf(recovery.userName);
  await assertSameUser(recovery, directory);
  return context.leaseOf(recovery.userId).run(async ({ guard, recent, putPass }) => {
    const active = [...(await directory.listActive()), ...recent.filter((change) => change.active)];
    if (guard?.recoveryId !== id || active.length > 0) throw enrolledAgain(recovery);
    const { pass, stored } = newPass(id);
    await recordWrite('IssueEnrolmentPass', () => putPass(stored).then(() => true));
    return { enrolmentPass: pass, expiresAt: new Date(stored.expiresAt).toISOString() };
  });
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
