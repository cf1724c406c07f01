import { expect, it } from 'vitest';
import { useApi, type Who } from '../support/e2e.ts';
import {
  accountArn,
  createFirst,
  enableFirst,
  enableFurther,
  enrolFirst,
  stepUp,
} from '../support/e2e-flows.ts';
import type { Answer } from '../support/http.ts';

const api = useApi();
const tablet = `${accountArn}:mfa/self-service/alice/tablet`;

const create = (who: Who, name = 'tablet') =>
  api.fetch(who, 'POST', who === 'alice' ? '/v1/me/first-mfa-device' : '/v1/mfa-devices', { name });
const lose = (operation: string, times: number) =>
  api.stack.faults.put({ operation, error: 'lost-answer', times });

/** A user without a device, or one who adds a further one. */
async function caller(which: 'first' | 'further'): Promise<Who> {
  if (which === 'first') return 'alice';
  await enrolFirst(api, 'alice');
  return stepUp(api, 'alice');
}

/** Enables the device with the seed of the answer. */
async function enable(who: Who, answer: Answer): Promise<Answer> {
  expect(answer.status, answer.text).toBe(201);
  const device = { name: 'tablet', seed: answer.json().base32Seed };
  return who === 'alice' ? enableFirst(api, who, device) : enableFurther(api, who, device);
}

it.each([
  ['first', 'CreateVirtualMFADevice', 1],
  ['first', 'CreateVirtualMFADevice', 2],
  ['further', 'CreateVirtualMFADevice', 1],
  ['further', 'CreateVirtualMFADevice', 2],
] as const)('a %s device is created although answers of %s are lost: %i', async (which, operation, times) => {
  const who = await caller(which);
  lose(operation, times);

  const answer = await create(who);

  expect((await enable(who, answer)).status).toBe(200);
});

it.each([
  ['first', 'CreateVirtualMFADevice', 1],
  ['first', 'DeleteVirtualMFADevice', 2],
  ['further', 'CreateVirtualMFADevice', 2],
  ['further', 'DeleteVirtualMFADevice', 1],
  ['further', 'UpdateItem', 2],
] as const)(
  'a %s device is replaced although answers of %s are lost: %i',
  async (which, operation, times) => {
    const who = await caller(which);
    await create(who);
    lose(operation, times);

    const answer = await create(who);

    expect((await enable(who, answer)).status).toBe(200);
  },
);

it('a creation whose answers are all lost says what to repeat, and repeating it completes it', async () => {
  await createFirst(api, 'alice', 'tablet');
  lose('CreateVirtualMFADevice', 3);

  const failed = await create('alice');

  expect(failed.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
  expect(failed.json().detail).toMatch(
    /has already been deleted.*Repeat this call.*GET \/v1\/me\/mfa-devices/,
  );
  expect(api.stack.account.devices.get(tablet).owner).toBeUndefined();
  const again = await create('alice');
  expect((await enable('alice', again)).status).toBe(200);
});
