import { pendingRecoveries } from '../../../common/pending-recoveries.ts';
import type { DeviceSummary, OwnRecovery } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { listDevices } from '../devices.ts';
import { localTime, shellWord, type Text, table } from '../text.ts';

/** A newer API may add kinds. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['hardware-totp', 'hardware token'],
  ['fido', 'FIDO key'],
]);

/** Shows the user, their devices and any pending recoveries of them. */
export async function status(context: Context): Promise<void> {
  const [me, devices, underWay] = await Promise.all([
    context.call((client, options) => client.getMe(options)),
    listDevices(context),
    context.call(pendingRecoveries),
  ]);
  await context.assertAccount(me.accountId);
  const { terminal } = context;
  terminal.result({ ...me, devices, recoveries: underWay }, () => [
    { style: 'bold', text: `${me.userName} in account ${me.accountId}` },
    `\n\n${deviceTable(devices)}`,
  ]);
  if (me.mfa.pending > 0) terminal.note('\nFinish a pending device with: iam-mfa enable NAME');
  else if (me.mfa.active === 0) terminal.note('\nAdd your first device with: iam-mfa add NAME');
  for (const recovery of underWay) terminal.show(warning(recovery));
}

function warning({ id, ticket, requestedBy }: OwnRecovery): Text {
  const what = `${requestedBy} has requested the removal of your devices (ticket ${ticket.id}).`;
  const remedy = `\nIf you did not ask for this: iam-mfa recovery object ${shellWord(id)}`;
  return ['\n', { style: 'yellow', text: what }, remedy];
}

function deviceTable(devices: readonly DeviceSummary[]): string {
  if (devices.length === 0) return 'No devices.';
  return table(
    ['DEVICE', 'STATE', 'KIND', 'ENABLED', 'ID'],
    devices.map(({ name, status: state, kind, enabledAt, id }) => [
      name,
      state,
      kinds.get(kind) ?? kind,
      enabledAt === undefined ? '' : localTime(enabledAt),
      id === name ? '' : id,
    ]),
  );
}
