import { enrolmentHoldArn } from '../../infra/template/resource-names.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { newPass } from '../../shared/lease/pass.ts';
import type { Api } from './e2e.ts';
import { underLease } from './under-lease.ts';

/** The recovery whose guard the users of these tests are under. */
export const recoveryId = 'abcdefghijklmnopqrstuvwxyz';

export const holdArn = enrolmentHoldArn(deployment);

/** Puts a user into the state in which a recovery leaves them: guard, hold, no device. */
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

/** What an approver would hand to the user. */
export async function issuePass(api: Api, userName: string, recovery = recoveryId): Promise<string> {
  const { pass, stored } = newPass(recovery);
  // The test's own module has the real clock.
  const expiresAt = api.stack.clock.now() + 3_600_000;
  await underLease(api, userName, (lease) => lease.putPass({ ...stored, expiresAt }));
  api.secrets.note('enrolment pass', pass);
  return pass;
}

/** Guard and pass of a user, and whether the hold is attached to them. */
export async function hindrances(api: Api, userName: string) {
  const kept = await underLease(api, userName, async ({ guard, pass }) => ({ guard, pass }));
  return { ...kept, held: api.stack.account.users.get(userName).attachedPolicies.includes(holdArn) };
}
