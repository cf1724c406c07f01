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
import { isUnderWay, otherUnderWay } from './under-way.ts';
import { ownerOf } from './view.ts';

export interface RequestSettings {
  readonly approvals: number;
  /** Seconds until a recovery that is not approved expires. */
  readonly expiresAfter: number;
  /** How many recoveries one person may request per day; a ticketing system may request ten times as many. */
  readonly dailyLimit: number;
  /** Ticketing systems connected by webhook; recoveries for their tickets can be requested in no other way. */
  readonly webhookSystems: readonly string[];
  /** Whether even a user's first device needs an enrolment pass, and therefore a recovery. */
  readonly passForFirstDevice: boolean;
}

export interface RequestContext {
  readonly store: Pick<RecoveryStore, 'get' | 'create' | 'listBySubject'>;
  readonly counter: RequestCounter;
  readonly guards: Guards;
  /** Looks up the user named in the request. */
  readonly directory: UserDirectory;
  readonly settings: RequestSettings;
}

export interface Requester {
  /** The person, even if a ticketing system makes the request for them. */
  readonly requestedBy: string;
  readonly viaWebhook: boolean;
}

type AcceptableRequest = RecoveryRequest & { readonly reason: RecoveryReason };

const limitOfSystems = 10;
const dayMillis = 86_400_000;

/**
 * Creates the recovery that a ticket requests, or returns the one that the same request created before. Throws
 * `access-denied`, `resync-instead`, `recovery-exists`, `separation-of-duties`, `user-not-found`, `no-active-device`,
 * `device-not-found`, `recovery-limit`, `busy`, and whatever the store throws.
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
    throw new Problem('busy', 'Another request for this ticket is being processed. Try again.', {
      retryAfter: 2,
    });
  return repeated(first, request);
}

/** A request signed with AWS credentials must not bypass a ticketing system that signs its webhooks. */
function assertOwnSystem(
  { ticket }: RecoveryRequest,
  { viaWebhook }: Requester,
  { webhookSystems }: RequestSettings,
): void {
  if (viaWebhook || !webhookSystems.includes(ticket.system)) return;
  throw new Problem(
    'access-denied',
    `The ticketing system "${ticket.system}" requests recoveries itself, by webhook. Request this one in its ticket.`,
  );
}

function assertNeedsRecovery(request: RecoveryRequest): asserts request is AcceptableRequest {
  if (request.reason !== 'out_of_sync') return;
  throw new Problem(
    'resync-instead',
    'No device has been lost. The user can resynchronise it with two of its codes: POST /v1/me/resyncs, ' +
      'or POST /v1/mfa-devices/{deviceId}/resync if they have another device to step up with.',
  );
}

function assertNotForOneself(userName: string, { requestedBy }: Requester): void {
  if (samePerson(userName, requestedBy))
    throw separationOfDuties(
      'You cannot request a recovery of your own devices. Ask the help desk to request it.',
    );
}

function repeated(recovery: Recovery, request: RecoveryRequest) {
  recordRecovery(recovery);
  if (recovery.requestHash === requestHashOf(request)) return { recovery, created: false };
  throw new Problem(
    'recovery-exists',
    `This ticket has already requested recovery ${recovery.id}, with different content. ` +
      'Open another ticket to request another recovery.',
  );
}

async function recoveryFor(
  request: AcceptableRequest,
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

/** Only an early answer, from a list that may lag: what holds is the check at the last approval. */
async function assertNoneUnderWay(
  { userName, userId }: IamUser,
  store: Pick<RecoveryStore, 'listBySubject'>,
): Promise<void> {
  const { items } = await store.listBySubject(userId, { limit: 100 });
  const other = items.find(({ state }) => isUnderWay(state));
  if (other !== undefined) throw otherUnderWay(other.id, userName);
}

/**
 * A user without a device gets a recovery only for its pass: if first devices need one, or if an earlier recovery put
 * the user under guard and then failed.
 */
async function assertNeedsPass(
  { userName, userId }: IamUser,
  guards: Guards,
  { passForFirstDevice }: RequestSettings,
): Promise<void> {
  if (passForFirstDevice || (await guards.isGuarded(userId))) return;
  throw new Problem(
    'no-active-device',
    `The user ${userName} has no active MFA device, so there is nothing to recover. They can enrol one on their own.`,
  );
}

/** Serial numbers of the devices to remove if the request names any. */
function targetsOf(
  { deviceIds }: RecoveryRequest,
  user: IamUser,
  active: readonly ActiveDevice[],
): readonly string[] | undefined {
  if (deviceIds === undefined) return undefined;
  const owner = ownerOf(user);
  const byId = new Map(active.map(({ serialNumber }) => [deviceIdOf(owner, serialNumber), serialNumber]));
  return deviceIds.map((deviceId) => {
    const serialNumber = byId.get(deviceId);
    if (serialNumber !== undefined) return serialNumber;
    throw new Problem(
      'device-not-found',
      `The user ${user.userName} has no active device with the id ${deviceId}. ` +
        'Leave deviceIds out to remove all of their devices.',
    );
  });
}

/** Counts before anything is created, so that a flood is stopped whichever tickets it names. */
async function count(
  { ticket }: RecoveryRequest,
  { requestedBy, viaWebhook }: Requester,
  { counter, settings: { dailyLimit } }: RequestContext,
): Promise<void> {
  if (!(await counter.count(personKey(requestedBy), dailyLimit)))
    throw recoveryLimit(`One person may request ${dailyLimit} recoveries per day.`);
  if (!viaWebhook) return;
  const most = dailyLimit * limitOfSystems;
  // No person's name contains a number sign.
  if (!(await counter.count(`system#${ticket.system}`, most)))
    throw recoveryLimit(`One ticketing system may request ${most} recoveries per day.`);
}

function recoveryLimit(detail: string): Problem {
  const millisLeft = dayMillis - (clock.now() % dayMillis);
  const retryAfter = Math.ceil(millisLeft / 1000);
  return new Problem('recovery-limit', `${detail} The count starts over at midnight UTC.`, { retryAfter });
}
