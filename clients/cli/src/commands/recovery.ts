import {
  type Client,
  type OwnRecovery,
  paginate,
  type Recovery,
  type RecoveryState,
  type RequestedReason,
} from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { fields, harmless, localTime, table } from '../text.ts';
import { confirm } from './remove.ts';

export interface RecoveryRequest {
  readonly ticket: string;
  readonly ticketUrl?: string | undefined;
  readonly reason: RequestedReason;
  readonly device?: readonly string[] | undefined;
  readonly evidence?: string | undefined;
}

export async function request(context: Context, userName: string, options: RecoveryRequest): Promise<void> {
  const { device: deviceIds, evidence, reason } = options;
  const [system = '', ...rest] = options.ticket.split(':');
  const id = rest.join(':');
  if (!system || !id) throw usageFailure('Give the ticket as SYSTEM:ID, for example servicenow:INC0012345.');
  const ticket = { system, id, ...(options.ticketUrl !== undefined && { url: options.ticketUrl }) };
  const recovery = await context.call((client, call) =>
    client.requestRecovery({ ticket, userName, reason, deviceIds, evidence }, call),
  );
  showOne(context, recovery);
  context.terminal.note('\nAnother person must approve it.');
}

export interface RecoveryListing {
  readonly state?: RecoveryState | undefined;
  /** Only recoveries of the caller's own devices. */
  readonly mine?: boolean | undefined;
}

export async function list(context: Context, { state, mine }: RecoveryListing): Promise<void> {
  const items = await context.call(async (client, options) => {
    const found: (Recovery | OwnRecovery)[] = [];
    const pages = mine
      ? paginate(client.listMyRecoveries, {}, options)
      : paginate(client.listRecoveries, { state }, options);
    for await (const item of pages) if (state === undefined || item.state === state) found.push(item);
    return found;
  });
  context.terminal.result({ items }, () =>
    items.length === 0
      ? 'No recoveries.'
      : table(
          ['ID', 'STATE', 'USER', 'REASON', 'TICKET', 'REQUESTED BY', 'AT'],
          items.map((item) => [
            item.id,
            item.state,
            item.userName,
            item.reason,
            ticketText(item),
            item.requestedBy,
            localTime(item.requestedAt),
          ]),
        ),
  );
}

type Change = (
  client: Client,
  recoveryId: string,
  options: { readonly signal: AbortSignal },
) => Promise<Recovery | OwnRecovery>;

const changes = {
  show: (client, recoveryId, options) => client.getRecovery({ recoveryId }, options),
  deny: (client, recoveryId, options) => client.denyRecovery({ recoveryId }, options),
  cancel: (client, recoveryId, options) => client.cancelRecovery({ recoveryId }, options),
  object: (client, recoveryId, options) => client.objectToRecovery({ recoveryId }, options),
} satisfies Readonly<Record<string, Change>>;

/** Shows a recovery, or changes it and shows the result. */
export async function change(context: Context, name: keyof typeof changes, id: string): Promise<void> {
  showOne(context, await context.call((client, options) => changes[name](client, id, options)));
}

/** Approves a recovery, after showing it and asking for confirmation. */
export async function approve(
  context: Context,
  recoveryId: string,
  { yes = false }: { readonly yes?: boolean | undefined },
): Promise<void> {
  if (!yes) {
    const recovery = await context.call((client, options) => client.getRecovery({ recoveryId }, options));
    context.terminal.show(`${text(recovery)}\n`);
    await confirm(context, `Remove the devices of ${harmless(recovery.userName)}?`);
  }
  showOne(context, await context.call((client, options) => client.approveRecovery({ recoveryId }, options)));
}

/** Prints the pass the user needs to enrol again. */
export async function pass(context: Context, recoveryId: string): Promise<void> {
  const issued = await context.call((client, options) => client.issueEnrolmentPass({ recoveryId }, options));
  context.terminal.result(issued, () => harmless(issued.enrolmentPass));
  context.terminal.note(
    `Valid until ${localTime(issued.expiresAt)}; it will not be shown again. ` +
      'Hand it over in person: "iam-mfa add NAME" asks for it.',
  );
}

function showOne({ terminal }: Context, recovery: Recovery | OwnRecovery): void {
  terminal.result(recovery, () => text(recovery));
}

const ticketText = ({ ticket }: OwnRecovery): string => `${ticket.system}:${ticket.id}`;

/** Undefined if there are none. */
function removedText({ removedDevices = [] }: OwnRecovery, added: boolean): string | undefined {
  const names = removedDevices
    .filter(({ addedSinceRequest }) => addedSinceRequest === added)
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return added ? `${names.join(', ')} (enabled after the request)` : names.join(', ');
}

function text(recovery: Recovery | OwnRecovery): string {
  const time = (value: string | undefined) => value && localTime(value);
  return fields([
    ['Recovery', recovery.id],
    ['State', recovery.state],
    ['User', recovery.userName],
    ['Reason', recovery.reason],
    ['Evidence', 'evidence' in recovery ? recovery.evidence : undefined],
    ['Ticket', ticketText(recovery)],
    ['Ticket URL', recovery.ticket.url],
    ['Requested by', `${recovery.requestedBy}, ${localTime(recovery.requestedAt)}`],
    ['Approvals', `${recovery.approvals.length} of ${recovery.approvalsNeeded}`],
    ['Approved by', recovery.approvals.map(({ by }) => by).join(', ') || undefined],
    ['Objected', time(recovery.objectedAt)],
    ['Closed by', recovery.closedBy],
    ['Executed', time(recovery.executedAt)],
    ['Failure', recovery.failure],
    ['Expires', time(recovery.expiresAt)],
    ['Devices', recovery.devices.map(({ name }) => name).join(', ') || 'none'],
    ['Removed', removedText(recovery, false)],
    ['Also removed', removedText(recovery, true)],
  ]);
}
