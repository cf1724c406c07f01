import type { DeviceSummary, OwnRecovery } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { listDevices } from '../devices.ts';
import { harmless, localTime, table } from '../text.ts';

const kinds: Readonly<Record<DeviceSummary['kind'], string>> = {
  virtual: 'virtual',
  'hardware-totp': 'hardware token',
  fido: 'FIDO key',
};

const open: readonly OwnRecovery['state'][] = ['requested', 'objected', 'approved', 'executing'];

/** Who the user is, his devices, and recoveries that are under way against them. */
export async function status(context: Context): Promise<void> {
  const [me, devices, recoveries] = await Promise.all([
    context.call((client, options) => client.getMe(options)),
    listDevices(context),
    context.call((client, options) => client.listMyRecoveries({}, options)),
  ]);
  const underWay = recoveries.items.filter(({ state }) => open.includes(state));
  const { terminal } = context;
  terminal.result({ ...me, devices, recoveries: underWay }, () => {
    const head = harmless(`${me.userName} in account ${me.accountId}`);
    return `${terminal.style('bold', head, 'stdout')}\n\n${deviceTable(devices)}`;
  });
  if (me.mfa.pending > 0) terminal.note('\nGo on with what is pending: iam-mfa enable NAME');
  else if (me.mfa.active === 0) terminal.note('\nAdd your first device with: iam-mfa add NAME');
  for (const recovery of underWay) terminal.show(`\n${warning(context, recovery)}`);
}

function warning({ terminal }: Context, { id, ticket, requestedBy }: OwnRecovery): string {
  const what = `${requestedBy} has asked for your devices to be removed (ticket ${ticket.id}).`;
  return `${terminal.style('yellow', harmless(what))}\nIf that is not your wish: iam-mfa recovery object ${harmless(id)}`;
}

export function deviceTable(devices: readonly DeviceSummary[]): string {
  if (devices.length === 0) return 'No devices.';
  return table(
    ['DEVICE', 'STATE', 'KIND', 'ENABLED', 'ID'],
    devices.map(({ name, status: state, kind, enabledAt, id }) => [
      name,
      state,
      kinds[kind],
      enabledAt === undefined ? '' : localTime(enabledAt),
      id === name ? '' : id,
    ]),
  );
}
