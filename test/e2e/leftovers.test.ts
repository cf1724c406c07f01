import { describe, expect, it } from 'vitest';
import { newPass } from '../../shared/lease/pass.ts';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  bobsPhone,
  codesNow,
  createFurther,
  enableFurther,
  stepUp,
} from '../support/e2e-flows.ts';
import { rawFetch } from '../support/http.ts';
import { hindrances, recoveryId } from '../support/recovered.ts';
import { underLease } from '../support/under-lease.ts';

// What earlier calls can have left in the table or at IAM, and the functions that clear it away.

const api = useApi();
const bob = () => stepUp(api, 'bob');
const tablet = `${accountArn}:mfa/self-service/bob/tablet`;

/** Gives bob a pass that is bound to a device. */
async function bindPass(serialNumber: string): Promise<void> {
  const { pass, stored } = newPass(recoveryId);
  api.secrets.note('enrolment pass', pass);
  await underLease(api, 'bob', (lease) =>
    lease.putPass({ ...stored, serialNumber, expiresAt: api.stack.clock.now() + 3_600_000 }),
  );
}

const boundTo = async () => (await hindrances(api, 'bob')).pass?.serialNumber;

describe('a pass that is bound to a device is bound no longer when the device', () => {
  it('is created anew as a further one', async () => {
    await bindPass(tablet);
    await createFurther(api, bob(), 'tablet');
    expect(await boundTo()).toBeUndefined();
  });

  it('is deleted', async () => {
    await createFurther(api, bob(), 'tablet');
    await bindPass(tablet);
    expect((await api.fetch(bob(), 'DELETE', '/v1/mfa-devices/tablet')).status).toBe(204);
    expect(await boundTo()).toBeUndefined();
  });

  it('is replaced', async () => {
    const { seed } = await createFurther(api, bob(), 'tablet');
    await bindPass(bobsPhone);
    const body = { ...codesNow(api, seed), replaces: 'phone' };
    expect((await api.fetch(bob(), 'PUT', '/v1/mfa-devices/tablet/activation', body)).status).toBe(200);
    expect(await boundTo()).toBeUndefined();
  });

  it('is deleted for not being enabled in time', async () => {
    await createFurther(api, bob(), 'tablet');
    await bindPass(tablet);
    api.stack.clock.advance(4_000);
    const body = JSON.stringify({ function: 'delete-expired-devices' });
    await rawFetch(api.stack.awsUrl, 'POST', '/_local/run', {}, body);
    expect(api.devices()).not.toContain(tablet);
    expect(await boundTo()).toBeUndefined();
  });
});

describe('an expiry that is left on an active device', () => {
  it('is taken off before the device is deactivated, so that it is not deleted for it', async () => {
    const device = await createFurther(api, bob(), 'tablet');
    api.stack.faults.put({ operation: 'UntagMFADevice', error: 'ServiceFailure', times: 100 });
    expect((await enableFurther(api, bob(), device)).status).toBe(200);
    api.stack.faults.clear();
    const answer = await api.fetch(bob(), 'DELETE', '/v1/mfa-devices/tablet/activation');
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(api.called().slice(-2)).toEqual(['UntagMFADevice', 'DeactivateMFADevice']);
  });
});
