import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { codesNow } from '../support/e2e-flows.ts';
import { bobsLoss, executed, helpDesk } from '../support/recovery-flows.ts';

const api = useApi(async () => ({ parameters: { FirstDevice: 'pass' } }));

describe('where every first device needs a pass', () => {
  it('a new user gets one through a recovery of no devices', { timeout: 90_000 }, async () => {
    const id = await executed(api, bobsLoss('INC1', { userName: 'alice', reason: 'replaced' }));
    const { pat } = await helpDesk(api);
    const issue = () => api.fetch(pat, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
    // The execution releases the lease shortly after it reports that it is done.
    await expect.poll(async () => (await issue()).status).toBe(201);
    const pass = (await issue()).json().enrolmentPass;

    const refused = await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
    const created = await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone', pass });
    const codes = codesNow(api, created.json().base32Seed);
    const path = '/v1/me/first-mfa-device/phone/activation';
    const enabled = await api.fetch('alice', 'PUT', path, { ...codes, pass });

    expect(refused.json()).toMatchObject({ status: 403, code: 'enrolment-pass-required' });
    expect(created.status, created.text).toBe(201);
    expect(enabled.status, enabled.text).toBe(200);
    expect(api.activeDevices('alice')).toHaveLength(1);
    expect((await issue()).json()).toMatchObject({ status: 409, code: 'recovery-closed' });
  });
});
