import { isProblem } from '../../contract/problem.ts';
import type { HeldLease } from '../../lease/ports.ts';
import { noLongerPending } from '../creations.ts';
import { unbindPass } from '../pass-check.ts';
import type { OwnedDevice } from './ports.ts';
import { ownerIfExpired } from './product-device.ts';
import type { Sweep } from './sweep.ts';

/** How long further devices are begun under one lease: meanwhile the owner cannot change theirs. */
const beginMillis = 5_000;

/**
 * Deletes expired devices of one owner under one lease. Returns those that need another turn: the owner was busy, or
 * time was up.
 */
export async function deleteOwned(
  ownerId: string,
  devices: readonly OwnedDevice[],
  sweep: Sweep,
): Promise<readonly OwnedDevice[]> {
  if (!sweep.goesOn) return devices;
  const { context, leaseMillis } = sweep;
  const open = new Set(devices);
  const signal = AbortSignal.timeout(leaseMillis);
  try {
    await context.leaseOf(ownerId, leaseMillis, signal).run((lease) => deleteAll(open, lease, signal, sweep));
  } catch (error) {
    if (isProblem(error, 'busy') || !sweep.failed({ ownerId }, error, open.size)) return [...open];
    sweep.settled(open.size);
    return [];
  }
  return [...open];
}

/** Removes what is done from `open`. */
async function deleteAll(
  open: Set<OwnedDevice>,
  lease: HeldLease,
  signal: AbortSignal,
  sweep: Sweep,
): Promise<void> {
  const { millisLeft, directory } = sweep.context;
  const calls = directory.until(signal);
  const until = millisLeft() - beginMillis;
  const gone: string[] = [];
  const work = async (device: OwnedDevice) => {
    if (!sweep.goesOn || millisLeft() < until) return;
    const end = await treat(device, calls, lease, sweep);
    if (end === 'left') return;
    open.delete(device);
    sweep.settled();
    if (end === 'gone') gone.push(device.serialNumber);
  };
  await Promise.all([...open].map((device) => sweep.turn(() => work(device))));
  for (const serialNumber of gone) await noLongerPending(serialNumber, lease);
}

/**
 * Between the first look and the deletion, the owner could enable the device or recreate it under the same name. Both
 * take the lease, so the look that counts is made while holding it.
 */
async function treat(
  device: OwnedDevice,
  calls: ReturnType<Sweep['calls']>,
  lease: HeldLease,
  sweep: Sweep,
): Promise<'gone' | 'stays' | 'left'> {
  const { serialNumber, ownerId } = device;
  try {
    if (ownerIfExpired(await calls.listTags(serialNumber)) !== ownerId) return 'stays';
    await unbindPass(serialNumber, lease);
    await calls.remove(serialNumber);
    sweep.deleted(device);
    return 'gone';
  } catch (error) {
    if (isProblem(error, 'busy')) return 'left';
    if (isProblem(error, 'device-not-found')) return 'gone';
    if (isProblem(error, 'device-active')) return 'stays';
    return sweep.failed({ serialNumber }, error) ? 'stays' : 'left';
  }
}
