import { Problem } from '../contract/problem.ts';
import { deviceIdOf } from '../devices/device-id.ts';
import type { ActiveDevice } from '../devices/ports.ts';
import { clock } from '../lib/clock.ts';
import { recordRecovery, recordWrite } from './audit-trail.ts';
import { newRecovery, type RecoveryRequest, recoveryIdOf, requestHashOf } from './new-recovery.ts';
import { personKey, samePerson } from './person-name.ts';
import type { Guards, IamUser, RecoveryStore, RequestCounter, UserDirectory } from './ports.ts';
import type { Recovery, RecoveryReason } from './recovery.ts';
import { separationOfDuties } from './refusals.ts';
import { ownerOf } from './view.ts';

export interface RequestSettings {
  readonly approvals: number;
  /** Seconds until a recovery that is not approved expires. */
  readonly expiresAfter: number;
  /** How many recoveries one person may ask for in a day; one ticketing system ten times as many. */
  readonly dailyLimit: number;
  /** Names of the ticketing systems that ask by webhook; for their tickets nobody else may. */
  readonly webhookSystems: readonly string[];
  /** Whether a user without any device needs an enrolment pass too, and so a recovery. */
  readonly passForFirstDevice: boolean;
}

export interface RequestContext {
  readonly store: Pick<RecoveryStore, 'get' | 'create' | 'listBySubject'>;
  readonly counter: RequestCounter;
  readonly guards: Guards;
  /** Of the user whom the request names. */
  readonly directory: UserDirectory;
  readonly settings: RequestSettings;
}

export interface Requester {
  /** The person, also where a ticketing system asks for them. */
  readonly requestedBy: string;
  readonly viaWebhook: boolean;
}

type Answerable = RecoveryRequest & { readonly reason: RecoveryReason };

const limitOfSystems = 10;
const dayMillis = 86_400_000;

/**
 * The recovery that a ticket asks for: a new one, or the one that the same request made before. Throws
 * `access-denied`, `resync-instead`, `recovery-exists`, `separation-of-duties`, `user-not-found`, `no-active-device`,
 * `device-not-found`, `recovery-limit`, `busy`, and what the store throws.
 */
export async function requestRecovery(
  request: RecoveryRequest,
  requester: Requester,
  context: RequestContext,
): Promise<{ readonly recovery: Recovery; readonly created: boolean }> {
  assertOwnSystem(request, requester, context.settings);
  assertNeedsRecovery(request);
  assertNotForOneself(request.userName, requester);
  const earlier = await context.store.get(recoveryIdOf(request.ticket));
  if (earlier) return repeated(earlier, request);
  const recovery = await recoveryFor(request, requester, context);
  recordRecovery(recovery);
  await count(request, requester, context);
  if (await recordWrite('RequestRecovery', () => context.store.create(recovery))) {
    return { recovery, created: true };
  }
  const first = await context.store.get(recovery.id);
  if (first === undefined)
    throw new Problem('busy', 'The ticket is being looked at. Try again.', { retryAfter: 2 });
  return repeated(first, request);
}

/** Signing a request as oneself is no way round a ticketing system that signs its webhooks. */
function assertOwnSystem(
  { ticket }: RecoveryRequest,
  { viaWebhook }: Requester,
  { webhookSystems }: RequestSettings,
): void {
  if (viaWebhook || !webhookSystems.includes(ticket.system)) return;
  throw new Problem(
    'access-denied',
    `The ticketing system "${ticket.system}" asks for recoveries itself, by its webhook. Ask for one in its ticket.`,
  );
}

function assertNeedsRecovery(request: RecoveryRequest): asserts request is Answerable {
  if (request.reason !== 'out_of_sync') return;
  throw new Problem(
    'resync-instead',
    'No device is lost. The user resynchronises his device with two of its codes: POST /v1/me/resyncs, or POST /v1/mfa-devices/{deviceId}/resync if he has another device to step up with.',
  );
}

function assertNotForOneself(userName: string, { requestedBy }: Requester): void {
  if (samePerson(userName, requestedBy))
    throw separationOfDuties(
      'Nobody asks for a recovery of his own devices. Somebody of the help desk has to.',
    );
}

function repeated(recovery: Recovery, request: RecoveryRequest) {
  recordRecovery(recovery);
  if (recovery.requestHash === requestHashOf(request)) return { recovery, created: false };
  throw new Problem(
    'recovery-exists',
    `The ticket has asked for the recovery ${recovery.id} already, with other content. Open another ticket for another recovery.`,
  );
}

async function recoveryFor(
  request: Answerable,
  { requestedBy }: Requester,
  { directory, guards, settings, store }: RequestContext,
): Promise<Recovery> {
  const [user, active] = await Promise.all([directory.getUser(), directory.listActive()]);
  await assertNoneUnderWay(user, store);
  if (active.length === 0) await assertNeedsPass(user, guards, settings);
  return newRecovery({
    request,
    requestedBy,
    user,
    active,
    targets: targetsOf(request, user, active),
    approvalsNeeded: settings.approvals,
    expiresAfter: settings.expiresAfter,
    now: clock.now(),
  });
}

/** Overtaking another one could let the user enrol before the old sessions of a thief are revoked. */
async function assertNoneUnderWay(
  { userName, userId }: IamUser,
  store: Pick<RecoveryStore, 'listBySubject'>,
): Promise<void> {
  const { items } = await store.listBySubject(userId, { limit: 100 });
  const other = items.find(({ state }) => state === 'approved' || state === 'executing');
  if (other === undefined) return;
  throw new Problem(
    'busy',
    `The recovery ${other.id} of the devices of ${userName} is being executed. Ask again once it has ended.`,
    { retryAfter: 60 },
  );
}

/**
 * A user without a device gets a recovery for its pass alone, where everybody needs a pass or where they do because an
 * earlier recovery put them under guard and failed.
 */
async function assertNeedsPass(
  { userName, userId }: IamUser,
  guards: Guards,
  { passForFirstDevice }: RequestSettings,
): Promise<void> {
  if (passForFirstDevice || (await guards.isGuarded(userId))) return;
  throw new Problem(
    'no-active-device',
    `The user ${userName} has no active MFA device, so there is none to recover from. He can enrol one himself.`,
  );
}

/** Serial numbers of the devices that are to go: those that the request names, or all. */
function targetsOf(
  { deviceIds }: RecoveryRequest,
  user: IamUser,
  active: readonly ActiveDevice[],
): readonly string[] {
  if (deviceIds === undefined) return active.map(({ serialNumber }) => serialNumber);
  const owner = ownerOf(user);
  const byId = new Map(active.map(({ serialNumber }) => [deviceIdOf(owner, serialNumber), serialNumber]));
  return deviceIds.map((deviceId) => {
    const serialNumber = byId.get(deviceId);
    if (serialNumber !== undefined) return serialNumber;
    throw new Problem(
      'device-not-found',
      `The user ${user.userName} has no active device with the id ${deviceId}. Leave deviceIds out to have all taken away.`,
    );
  });
}

/** Counts a recovery before it is made: whoever floods the help desk is stopped, whichever tickets they name. */
async function count(
  { ticket }: RecoveryRequest,
  { requestedBy, viaWebhook }: Requester,
  { counter, settings: { dailyLimit } }: RequestContext,
): Promise<void> {
  if (!(await counter.count(personKey(requestedBy), dailyLimit)))
    throw recoveryLimit(`One person may ask for ${dailyLimit} recoveries on a day.`);
  if (!viaWebhook) return;
  const most = dailyLimit * limitOfSystems;
  // No person has a name with a number sign in it.
  if (!(await counter.count(`system#${ticket.system}`, most)))
    throw recoveryLimit(`One ticketing system may ask for ${most} recoveries on a day.`);
}

function recoveryLimit(detail: string): Problem {
  const millisLeft = dayMillis - (clock.now() % dayMillis);
  const retryAfter = Math.ceil(millisLeft / 1000);
  return new Problem('recovery-limit', `${detail} A new day begins at midnight UTC.`, { retryAfter });
}
