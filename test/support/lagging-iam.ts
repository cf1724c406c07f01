import { Problem } from '../../shared/contract/problem.ts';
import type { ConsecutiveCodes, MfaDirectory, Tags } from '../../shared/devices/ports.ts';
import type { Attempt } from './lease-table.ts';

export interface IamDevice {
  readonly seed: string;
  readonly tags: Tags;
  /** Who has it enabled; undefined while it is pending. */
  readonly userName?: string | undefined;
  readonly enabledAt?: number | undefined;
  /** When its last codes were accepted: it shows two new ones half a minute later at the earliest. */
  readonly acceptedAt: number;
}

type Devices = ReadonlyMap<string, IamDevice>;

/** How a function's calls go. */
export interface Connection {
  readonly attempt: Attempt;
  /** How late the list under way is, in milliseconds. */
  readonly lag: () => number;
  /** Sees each change: its call, the serial number, and all devices before it. */
  readonly onChange: (call: string, serialNumber: string, before: Devices) => void;
}

/** Codes that IAM accepts if the device shows them for the first time; any others are wrong. */
export const goodCodes: ConsecutiveCodes = { code1: '123456', code2: '234567' };

/**
 * The account's devices as they are, and as they were: lists show them late, changes judge them as they are. What AWS
 * does is in the order of its own checks.
 */
export class LaggingIam {
  readonly #now: () => number;
  readonly #arn: string;
  readonly #history: { readonly at: number; readonly devices: Devices }[] = [];

  constructor(now: () => number, arn: string, devices: Devices) {
    this.#now = now;
    this.#arn = arn;
    this.#history.push({ at: Number.NEGATIVE_INFINITY, devices });
  }

  get devices(): Devices {
    return this.#at(Number.POSITIVE_INFINITY);
  }

  /** Every state of the account from then on, the one of that time first. */
  since(then: number): readonly Devices[] {
    const later = this.#history.filter(({ at }) => at > then).map(({ devices }) => devices);
    return [this.#at(then), ...later];
  }

  /** A user's view through one function. */
  directoryFor(userName: string, { attempt, lag, onChange }: Connection): MfaDirectory {
    const asListed = () => [...this.#at(this.#now() - lag())];
    const change = (name: string, serialNumber: string, next: () => IamDevice | undefined) =>
      attempt(name, () => {
        const before = this.devices;
        this.#write(serialNumber, next());
        onChange(name, serialNumber, before);
      });
    const assigned = (serialNumber: string) => {
      const device = this.#device(serialNumber);
      if (device.userName !== userName) throw refusal('device-not-found');
      return device;
    };
    return {
      listActive: () =>
        attempt('listActive', () =>
          asListed().flatMap(([serialNumber, device]) =>
            device.userName === userName && device.enabledAt !== undefined
              ? [{ serialNumber, enabledAt: new Date(device.enabledAt) }]
              : [],
          ),
        ),
      listUnassigned: (prefix) =>
        attempt('listUnassigned', () =>
          asListed()
            .filter(([serialNumber, device]) => !device.userName && serialNumber.startsWith(prefix))
            .map(([serialNumber]) => serialNumber),
        ),
      listTags: (serialNumber) => attempt('listTags', () => this.#device(serialNumber).tags),
      create: (path, name, tags) => this.#create(`${this.#arn}:mfa${path}${name}`, tags, attempt),
      enable: (serialNumber, codes) =>
        change('enable', serialNumber, () => this.#enabled(serialNumber, userName, codes)),
      deactivate: (serialNumber) =>
        change('deactivate', serialNumber, () => {
          const device = assigned(serialNumber);
          if (!isVirtual(serialNumber)) return undefined;
          return { ...device, userName: undefined, enabledAt: undefined };
        }),
      resync: (serialNumber, codes) =>
        change('resync', serialNumber, () => this.#accepted(assigned(serialNumber), codes)),
      tag: (serialNumber, tags) =>
        change('tag', serialNumber, () => {
          const device = this.#device(serialNumber);
          return { ...device, tags: { ...device.tags, ...tags } };
        }),
      untag: (serialNumber, keys) =>
        change('untag', serialNumber, () => {
          const device = this.#device(serialNumber);
          const left = Object.entries(device.tags).filter(([key]) => !keys.includes(key));
          return { ...device, tags: Object.fromEntries(left) };
        }),
      remove: (serialNumber) =>
        change('remove', serialNumber, () => {
          if (this.#device(serialNumber).userName !== undefined) throw refusal('device-active');
          return undefined;
        }),
    };
  }

  #create(serialNumber: string, tags: Tags, attempt: Attempt) {
    return attempt('create', () => {
      if (this.devices.has(serialNumber)) throw refusal('device-exists');
      const base32Seed = `SEED${this.#history.length}`;
      this.#write(serialNumber, { seed: base32Seed, tags, acceptedAt: 0 });
      return { serialNumber, base32Seed };
    });
  }

  #enabled(serialNumber: string, userName: string, codes: ConsecutiveCodes): IamDevice {
    const device = isVirtual(serialNumber)
      ? this.#device(serialNumber)
      : (this.devices.get(serialNumber) ?? { seed: '', tags: {}, acceptedAt: 0 });
    if (device.userName !== undefined) throw refusal('device-in-use');
    // IAM's dates have whole seconds.
    const enabledAt = Math.floor(this.#now() / 1000) * 1000;
    return { ...this.#accepted(device, codes), userName, enabledAt };
  }

  #accepted(device: IamDevice, { code1 }: ConsecutiveCodes): IamDevice {
    const acceptedAt = this.#now();
    if (code1 !== goodCodes.code1 || acceptedAt < device.acceptedAt + 30_000)
      throw refusal('invalid-authentication-code');
    return { ...device, acceptedAt };
  }

  #device(serialNumber: string): IamDevice {
    const device = this.devices.get(serialNumber);
    if (device === undefined) throw refusal('device-not-found');
    return device;
  }

  #at(time: number): Devices {
    return this.#history.findLast(({ at }) => at <= time)?.devices ?? new Map();
  }

  #write(serialNumber: string, device: IamDevice | undefined): void {
    const devices = new Map(this.devices);
    if (device === undefined) devices.delete(serialNumber);
    else devices.set(serialNumber, device);
    this.#history.push({ at: this.#now(), devices });
  }
}

const isVirtual = (serialNumber: string): boolean => serialNumber.includes(':mfa/');
const refusal = (code: Problem['code']) => new Problem(code, `IAM: ${code}.`);
