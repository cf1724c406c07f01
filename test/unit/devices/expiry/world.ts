import { Problem } from '../../../../shared/contract/problem.ts';
import type { ExpiryContext, OwnedDevice } from '../../../../shared/devices/expiry/ports.ts';
import type { Tags } from '../../../../shared/devices/ports.ts';
import type { HeldLease, UserRecord } from '../../../../shared/lease/ports.ts';
import { fakeLease } from '../../../support/fake-lease.ts';

export const aliceId = 'AIDAALICE00000000001';
export const bobId = 'AIDABOB0000000000001';
export const past = '2020-01-01T00:00:00.000Z';

export const serial = (name: number | string, user = 'alice') =>
  `arn:aws:iam::123456789012:mfa/self-service/${user}/phone-${name}`;

export const tagsOf = (ownerId = aliceId, expiresAt = past): Tags => ({
  'mfa-self-service:owner': ownerId,
  'mfa-self-service:expires-at': expiresAt,
});

interface Device {
  tags: Tags;
  /** Set while it is active. */
  enabledAt?: Date;
}

/** An account's devices and the leases of their owners, in memory. `calls` has every call in its order. */
export class World {
  readonly devices = new Map<string, Device>();
  readonly records = new Map<string, Partial<UserRecord>>();
  /** How often an owner's lease is still refused. */
  readonly busy = new Map<string, number>();
  readonly calls: string[] = [];
  readonly deleted: OwnedDevice[] = [];
  readonly kept: OwnedDevice[] = [];
  readonly failures: (readonly [Partial<OwnedDevice>, unknown])[] = [];
  millisLeft = 60_000;
  /** Before each call for a device, and what it throws. */
  before: (call: 'listTags' | 'remove' | 'untag', serialNumber: string) => unknown = () => undefined;
  readonly leases = new Map<string, HeldLease>();

  /** Expired enrolments. */
  with(count: number, user = 'alice', ownerId = aliceId): this {
    for (let number = 0; number < count; number += 1)
      this.devices.set(serial(number, user), { tags: tagsOf(ownerId) });
    return this;
  }

  active(serialNumber: string, enabledAt: Date, tags = tagsOf()): this {
    this.devices.set(serialNumber, { tags, enabledAt });
    return this;
  }

  count(call: string): number {
    return this.calls.filter((one) => one.startsWith(call)).length;
  }

  get context(): ExpiryContext {
    return {
      directory: {
        unassigned: () =>
          this.#pages(
            ({ enabledAt }) => enabledAt === undefined,
            'Unassigned',
            (one) => one,
          ),
        assigned: () =>
          this.#pages(
            ({ enabledAt }) => enabledAt !== undefined,
            'Assigned',
            (serialNumber, { enabledAt = new Date(0) }) => ({ serialNumber, enabledAt }),
          ),
        until: () => ({
          listTags: (serialNumber) => this.#call('listTags', serialNumber, ({ tags }) => tags),
          remove: (serialNumber) =>
            this.#call('remove', serialNumber, ({ enabledAt }) => {
              if (enabledAt) throw new Problem('device-active', 'It is active.');
              this.devices.delete(serialNumber);
            }),
          untag: (serialNumber, keys) =>
            this.#call('untag', serialNumber, (device) => {
              device.tags = Object.fromEntries(
                Object.entries(device.tags).filter(([key]) => !keys.includes(key)),
              );
            }),
        }),
      },
      leaseOf: (ownerId) => ({ run: (change) => this.#underLease(ownerId, change) }),
      millisLeft: () => this.millisLeft,
      pause: async () => this.calls.push('pause'),
      onDeleted: (device) => this.deleted.push(device),
      onKept: (device) => this.kept.push(device),
      onFailure: (...failure) => this.failures.push(failure),
    };
  }

  async *#pages<Item>(
    wanted: (device: Device) => boolean,
    list: string,
    itemOf: (serialNumber: string, device: Device) => Item,
  ): AsyncGenerator<readonly Item[]> {
    const all = [...this.devices].filter(([, device]) => wanted(device)).map((one) => itemOf(...one));
    for (let start = 0; start < all.length || start === 0; start += 1000) {
      this.calls.push(`list ${list}`);
      yield all.slice(start, start + 1000);
    }
  }

  async #underLease<T>(ownerId: string, change: (lease: HeldLease) => Promise<T>): Promise<T> {
    this.calls.push(`lease ${ownerId}`);
    const refusals = this.busy.get(ownerId) ?? 0;
    if (refusals > 0 || this.leases.has(ownerId)) {
      this.busy.set(ownerId, refusals - 1);
      throw new Problem('busy', 'Another change is in progress.');
    }
    const lease = fakeLease(this.records.get(ownerId));
    this.leases.set(ownerId, lease);
    try {
      return await change(lease);
    } finally {
      this.leases.delete(ownerId);
      const { creations, pass, recent } = lease;
      this.records.set(ownerId, { creations, pass, recent });
    }
  }

  async #call<T>(
    name: 'listTags' | 'remove' | 'untag',
    serialNumber: string,
    effect: (device: Device) => T,
  ): Promise<T> {
    this.calls.push(`${name} ${serialNumber}`);
    await this.before(name, serialNumber);
    const device = this.devices.get(serialNumber);
    if (device === undefined) throw new Problem('device-not-found', 'There is none.');
    return effect(device);
  }
}
