import { describe, expect, it } from 'vitest';
import { creationLimits } from '../../shared/contract/creation-limits.ts';
import { productTags } from '../../shared/devices/tags.ts';
import { useApi, type Who } from '../support/e2e.ts';
import {
  accountArn,
  createFirst,
  createFurther,
  enableFirst,
  enableFurther,
  enrolFirst,
  stepUp,
} from '../support/e2e-flows.ts';
import type { Answer } from '../support/http.ts';

const api = useApi();
const { mostPending, mostPerHour } = creationLimits;

type Route = '/v1/me/first-mfa-device' | '/v1/mfa-devices';
const create = (who: Who, route: Route, name: string) => api.fetch(who, 'POST', route, { name });
const named = (index: number) => `device-${index}`;
const times = (operation: string) => api.called().filter((called) => called === operation).length;
const pendingOf = (userName: string) =>
  api.stack.account.devices
    .all()
    .filter(({ serialNumber, owner }) => serialNumber.includes(`/${userName}/`) && owner === undefined);

/** Creates devices of new names until one is refused. */
async function createUntilRefused(who: Who, route: Route): Promise<{ created: number; refusal: Answer }> {
  for (let created = 0; ; created += 1) {
    const answer = await create(who, route, named(created));
    if (answer.status !== 201) return { created, refusal: answer };
  }
}

describe('a thief of an access key whose owner has no device', () => {
  it('makes no more than eight pending devices, and nobody else is hindered', async () => {
    const { created, refusal } = await createUntilRefused('alice', '/v1/me/first-mfa-device');

    expect(created).toBe(mostPending);
    expect(refusal.json()).toMatchObject({ status: 409, code: 'too-many-pending' });
    expect(refusal.json().detail).toContain('60 minutes');
    expect(pendingOf('alice')).toHaveLength(mostPending);
    await createFirst(api, 'carol');
  });

  it('makes no more by calling in parallel', async () => {
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => create('alice', '/v1/me/first-mfa-device', named(index))),
      );
    }

    expect(pendingOf('alice').length).toBeLessThanOrEqual(mostPending);
    expect(times('CreateVirtualMFADevice')).toBeLessThanOrEqual(mostPerHour);
  });

  it('calls IAM no more than thirty times an hour with creations, refused or not', async () => {
    for (let index = 0; index < mostPerHour; index += 1) {
      await create('alice', '/v1/me/first-mfa-device', named(index));
    }
    const before = [times('CreateVirtualMFADevice'), times('ListVirtualMFADevices')];

    const refused = await create('alice', '/v1/me/first-mfa-device', named(0));

    expect(refused.json()).toMatchObject({ status: 429, code: 'throttled' });
    expect(refused.headers['retry-after']).toBe(String(refused.json().retryAfter));
    expect([times('CreateVirtualMFADevice'), times('ListVirtualMFADevices')]).toEqual(before);
    // The clock goes on by itself, too.
    api.stack.clock.advance(refused.json().retryAfter - 60);
    expect((await create('alice', '/v1/me/first-mfa-device', named(0))).status).toBe(429);
    api.stack.clock.advance(60);
    expect((await create('alice', '/v1/me/first-mfa-device', named(0))).status).toBe(201);
  });

  it('keeps no device of one name busy for longer than thirty replacements', async () => {
    const answers: number[] = [];
    for (let index = 0; index <= mostPerHour; index += 1) {
      answers.push((await create('alice', '/v1/me/first-mfa-device', 'phone')).status);
    }

    expect(answers.filter((status) => status === 201)).toHaveLength(mostPerHour);
    expect(answers.at(-1)).toBe(429);
    expect(pendingOf('alice')).toHaveLength(1);
  });
});

describe('eight pending devices', () => {
  it('are the limit for further devices too, and for both routes together', async () => {
    for (let index = 0; index < 3; index += 1) await createFirst(api, 'alice', named(index));
    await enableFirst(api, 'alice', await createFirst(api, 'alice'));
    const session = stepUp(api, 'alice');
    for (let index = 3; index < mostPending; index += 1) await createFurther(api, session, named(index));

    const refusal = await create(session, '/v1/mfa-devices', 'another');

    expect(refusal.json()).toMatchObject({ status: 409, code: 'too-many-pending' });
    await createFurther(api, session, named(0));
    expect(pendingOf('alice')).toHaveLength(mostPending);
  });

  it('are not the limit any more once the sweeper or an administrator has deleted one', async () => {
    for (let index = 0; index < mostPending; index += 1) await createFirst(api, 'alice', named(index));
    expect((await create('alice', '/v1/me/first-mfa-device', 'another')).status).toBe(409);
    api.stack.account.devices.deleteVirtual(`${accountArn}:mfa/self-service/alice/${named(3)}`);
    api.stack.clock.advance(300);

    expect((await create('alice', '/v1/me/first-mfa-device', 'another')).status).toBe(201);

    expect((await create('alice', '/v1/me/first-mfa-device', 'yet-another')).status).toBe(409);
  });

  it('do not hinder their owner from enabling one', async () => {
    const devices = [];
    for (let index = 0; index < mostPending; index += 1) {
      devices.push(await createFirst(api, 'alice', named(index)));
    }

    const [first] = devices;
    if (first === undefined) throw new Error('none');
    expect((await enableFirst(api, 'alice', first)).status).toBe(200);
  });
});

describe('a user with MFA who enables devices only to deactivate them again', () => {
  it('keeps no more than the eight that can be pending, and the eight that can be active', async () => {
    await enrolFirst(api, 'alice');
    let refusal: Answer | undefined;
    for (let index = 0; refusal === undefined && index < mostPerHour; index += 1) {
      const answer = await create(stepUp(api, 'alice'), '/v1/mfa-devices', named(index));
      if (answer.status !== 201) refusal = answer;
      else {
        const device = { name: named(index), seed: answer.json().base32Seed };
        await enableFurther(api, stepUp(api, 'alice'), device);
        const activation = `/v1/mfa-devices/${device.name}/activation`;
        expect((await api.fetch(stepUp(api, 'alice'), 'DELETE', activation)).status).toBe(204);
      }
      // Past what the lease and its notes remember of the changes of the last minutes.
      api.stack.clock.advance(301);
    }

    expect(refusal?.json()).toMatchObject({ status: 409, code: 'too-many-pending' });
    expect(pendingOf('alice')).toHaveLength(mostPending);
  });
});

describe('a user with devices made at IAM directly', () => {
  it('sees a bounded number of them, for a bounded number of calls', async () => {
    const { devices, users } = api.stack.account;
    const tags = [{ Key: productTags.owner, Value: users.get('alice').userId }];
    for (let index = 0; index < 300; index += 1) {
      devices.createVirtual(`${accountArn}:mfa/self-service/alice/made-${1000 + index}`, tags);
    }

    const before = api.called().length;
    const me = await api.fetch('alice', 'GET', '/v1/me');
    const list = await api.fetch('alice', 'GET', '/v1/me/mfa-devices?limit=100');

    expect(me.json().mfa).toEqual({ active: 0, pending: 16 });
    expect(list.json().items).toHaveLength(16);
    // Once: credentials, both lists, and tags, of each function.
    expect(api.called().length - before).toBe(2 * (1 + 2 + 16));
  });
});
