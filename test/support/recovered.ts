import { enrolmentHoldArn } from '../../infra/template/resource-names.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { newPass } from '../../shared/lease/pass.ts';
import type { Api } from './e2e.ts';
import { underLease } from './under-lease.ts';

/** The recovery whose guard applies to the users in these tests. */
export const recoveryId = 'abcdefghijklmnopqrstuvwxyz';

export const holdArn = enrolmentHoldArn(deployment);

/** Puts a user into the state after a recovery: guard, hold, no device. */
export async function recover(api: Api, userName: string): Promise<void> {
  const { account, clock } = api.stack;
  const user = account.users.get(userName);
  const devices = account.devices.ofUser(user);
  await underLease(api, userName, async (lease) => {
    await lease.putGuard({ recoveryId, at: clock.now() });
    for (const { serialNumber } of devices) await lease.record(serialNumber, false);
  });
  user.attachedPolicies = [...user.attachedPolicies, holdArn];
  for (const { serialNumber } of devices) {
    account.devices.deactivate(user, serialNumber, clock.now());
    account.devices.deleteVirtual(serialNumber);
  }
}

/** The pass that an approver would give the user. */
export async function issuePass(api: Api, userName: string, recovery = recoveryId): Promise<string> {
  const { pass, stored } = newPass(recovery);
  // The test's own module uses the real clock.
  const expiresAt = api.stack.clock.now() + 3_600_000;
  await underLease(api, userName, (lease) => lease.putPass({ ...stored, expiresAt }));
  api.secrets.note('enrolment pass', pass);
  return pass;
}

/** A user's guard and pass, and whether the hold is attached. */
export async function hindrances(api: Api, userName: string) {
  const kept = await underLease(api, userName, async ({ guard, pass }) => ({ guard, pass }));
  return { ...kept, held: api.stack.account.users.get(userName).attachedPolicies.includes(holdArn) };
}
