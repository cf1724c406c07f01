import { AwsError, accessDenied, limitExceeded, noSuchEntity } from './aws-error.ts';
import { randomBase32 } from './ids.ts';
import { LaggingList } from './lagging-list.ts';
import type { StsView } from './sts-view.ts';
import type { Tag } from './tags.ts';
import { findPair, stepAt } from './totp.ts';
import type { User } from './users.ts';

/** An MFA device; plain data, for snapshots. Times are milliseconds. */
export interface Device {
  readonly serialNumber: string;
  readonly kind: 'virtual' | 'hardware' | 'fido';
  /** Increases with every device; the order of lists. */
  readonly sequence: number;
  /** Base32; FIDO keys have none. */
  readonly seed?: string;
  tags: readonly Tag[];
  owner?: { readonly userId: string; readonly enabledAt: number } | undefined;
  /** Steps by which the device's clock is ahead of the local clock; kept after deactivation. */
  adjustment: number;
  /** The step of the second code of the last accepted pair; kept after deactivation. */
  lastStep?: number | undefined;
}

export type CodePair = readonly [string, string];

const devicesPerUser = 8;
export const virtualDevicesPerAccount = 5000;
const seedLength = 64;

/** The account's MFA devices, by serial number and by user. Announces every change to STS. */
export class Devices {
  /** What IAM's lists show. */
  readonly listed: LaggingList<Device>;
  readonly #sts: StsView;
  readonly #bySerial = new Map<string, Device>();
  readonly #byUser = new Map<string, readonly Device[]>();
  #sequence = 0;
  #virtualCount = 0;

  constructor(sts: StsView, now: () => number) {
    this.#sts = sts;
    this.listed = new LaggingList(() => this.all(), now);
  }

  get virtualCount(): number {
    return this.#virtualCount;
  }

  /** @param seed of a seeded device; random by default */
  createVirtual(
    serialNumber: string,
    tags: readonly Tag[],
    seed = randomBase32(seedLength),
  ): Device & { seed: string } {
    if (this.#bySerial.has(serialNumber)) {
      throw new AwsError('EntityAlreadyExists', 'MFA device already exists.');
    }
    if (this.#virtualCount >= virtualDevicesPerAccount) {
      throw limitExceeded('VirtualMFADevicesPerAccount', virtualDevicesPerAccount);
    }
    const device = { ...this.#blank(serialNumber), kind: 'virtual' as const, seed, tags };
    this.#add(device);
    return device;
  }

  /** Adds a hardware token that no user has enabled yet. */
  addHardware(serialNumber: string, seed: string): Device {
    const device: Device = { ...this.#blank(serialNumber), kind: 'hardware', seed };
    this.#add(device);
    return device;
  }

  /** Adds a FIDO key, which always belongs to a user. */
  addFido(serialNumber: string, user: User, enabledAt: number): Device {
    const device: Device = {
      ...this.#blank(serialNumber),
      kind: 'fido',
      owner: { userId: user.userId, enabledAt },
    };
    this.#add(device);
    return device;
  }

  /** Enables a device as if long ago: STS knows it already. */
  establish(device: Device & { readonly seed: string }, user: User, enabledAt: number): void {
    this.#assign(device, { userId: user.userId, enabledAt });
    this.#sts.establish(device.serialNumber, { userId: user.userId, seed: device.seed, adjustment: 0 });
  }

  find(serialNumber: string): Device | undefined {
    return this.#bySerial.get(serialNumber);
  }

  /** Throws NoSuchEntity. */
  get(serialNumber: string): Device {
    const device = this.find(serialNumber);
    if (device === undefined) throw doesNotExist(serialNumber);
    return device;
  }

  /** In order of their sequence. */
  ofUser(user: User): readonly Device[] {
    return this.#byUser.get(user.userId) ?? [];
  }

  /** In order of their sequence. */
  all(): readonly Device[] {
    return [...this.#bySerial.values()];
  }

  enable(user: User, serialNumber: string, codes: CodePair, now: number): void {
    const device = this.get(serialNumber);
    if (device.owner?.userId === user.userId) {
      throw new AwsError('EntityAlreadyExists', `MFA Device for user ${user.userName} already exists.`);
    }
    if (device.owner !== undefined || device.seed === undefined) {
      throw new AwsError('EntityAlreadyExists', 'MFA Device is already in use.');
    }
    if (this.ofUser(user).length >= devicesPerUser) throw limitExceeded('MFADevicesPerUser', devicesPerUser);
    synchronize(device, device.seed, codes, now);
    this.listed.changing();
    this.#assign(device, { userId: user.userId, enabledAt: now });
    this.#announce(device, now);
  }

  resync(user: User, serialNumber: string, codes: CodePair, now: number): void {
    const device = this.#ownedBy(user, serialNumber);
    if (device.seed === undefined) throw invalidCode();
    synchronize(device, device.seed, codes, now);
    this.#announce(device, now);
  }

  /** Deactivates the user's device. Virtual devices and hardware tokens continue to exist, FIDO keys do not. */
  deactivate(user: User, serialNumber: string, now: number): void {
    const device = this.#ownedBy(user, serialNumber);
    this.listed.changing();
    const remaining = this.ofUser(user).filter((other) => other !== device);
    if (remaining.length > 0) this.#byUser.set(user.userId, remaining);
    else this.#byUser.delete(user.userId);
    device.owner = undefined;
    this.#announce(device, now);
    if (device.kind === 'fido') this.#bySerial.delete(serialNumber);
  }

  deleteVirtual(serialNumber: string): void {
    const device = this.get(serialNumber);
    if (device.kind !== 'virtual') throw doesNotExist(serialNumber);
    if (device.owner !== undefined) {
      throw new AwsError('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.');
    }
    this.listed.changing();
    this.#bySerial.delete(serialNumber);
    this.#virtualCount -= 1;
  }

  records(): readonly Device[] {
    return structuredClone([...this.#bySerial.values()]);
  }

  restore(devices: readonly Device[]): void {
    this.listed.reset();
    this.#bySerial.clear();
    this.#byUser.clear();
    this.#virtualCount = 0;
    for (const device of devices) this.#add(structuredClone(device));
    this.#sequence = Math.max(0, ...devices.map(({ sequence }) => sequence));
  }

  #blank(serialNumber: string) {
    this.#sequence += 1;
    return { serialNumber, sequence: this.#sequence, tags: [], adjustment: 0 };
  }

  #add(device: Device): void {
    this.listed.changing();
    this.#bySerial.set(device.serialNumber, device);
    if (device.kind === 'virtual') this.#virtualCount += 1;
    if (device.owner !== undefined) this.#assign(device, device.owner);
  }

  #assign(device: Device, owner: NonNullable<Device['owner']>): void {
    device.owner = owner;
    const devices = [...(this.#byUser.get(owner.userId) ?? []), device];
    this.#byUser.set(
      owner.userId,
      devices.sort((one, other) => one.sequence - other.sequence),
    );
  }

  #ownedBy(user: User, serialNumber: string): Device {
    const device = this.get(serialNumber);
    if (device.owner?.userId !== user.userId) throw noSuchEntity('MFA Device invalid for user.');
    return device;
  }

  #announce({ serialNumber, owner, seed, adjustment }: Device, now: number): void {
    const binding = owner && seed !== undefined ? { userId: owner.userId, seed, adjustment } : null;
    this.#sts.announce(serialNumber, binding, now);
  }
}

/**
 * AWS's own guard (security bulletin AWS-2023-001): users with a device need MFA to enable or deactivate their own
 * devices, even if their policies allow it. It does not apply to managing another user's devices.
 */
export function guardSelfManagement(
  caller: { readonly userId: string; readonly session?: { readonly mfaAt?: number } },
  user: User,
  devices: Devices,
): void {
  const isSelf = caller.userId === user.userId;
  if (isSelf && caller.session?.mfaAt === undefined && devices.ofUser(user).length > 0) {
    throw accessDenied(
      'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for ' +
        'this user.',
    );
  }
}

/** Stores the new clock adjustment and the accepted step. Throws InvalidAuthenticationCode if the pair is wrong. */
function synchronize(device: Device, seed: string, codes: CodePair, now: number): void {
  const step = findPair(seed, codes, {
    adjustedStep: stepAt(now) + device.adjustment,
    lastStep: device.lastStep,
  });
  if (step === undefined) throw invalidCode();
  device.adjustment = step - stepAt(now);
  device.lastStep = step;
}

function invalidCode(): AwsError {
  return new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.');
}

function doesNotExist(serialNumber: string): AwsError {
  return noSuchEntity(`MFA Device with serial number ${serialNumber} does not exist.`);
}
