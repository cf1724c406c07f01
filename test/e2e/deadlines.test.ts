import { describe, it } from 'vitest';
import { type Api, useApi } from '../support/e2e.ts';
import { bobsSeed, createFirst, createFurther, enableFirst, stepUp } from '../support/e2e-flows.ts';

// Each waits for long, so they do it together, each with a stack of its own.

/** Starts the function and connects it, so that nothing but AWS is slow afterwards. */
const warmUp = (api: Api) => enableFirst(api, 'carol', { name: 'none', seed: bobsSeed });

const timesCalled = (api: Api, operation: string) =>
  api.called().filter((called) => called === operation).length;

describe.concurrent('enabling a device while time goes by', () => {
  const api = useApi();

  it('does not happen when the lease has ended before it was used', async ({ expect }) => {
    const session = stepUp(api, 'bob');
    const device = await createFurther(api, session, 'tablet');
    await api.fetch(session, 'PUT', '/v1/mfa-devices/none/activation', { code1: '123456', code2: '654321' });
    const path = '/v1/mfa-devices/tablet/activation';
    // While IAM is slow to list, time goes by so far that the lease has ended.
    api.stack.faults.put({ operation: 'ListMFADevices', delayMs: 2_000, times: 1 });
    const body = { code1: '123456', code2: '654321' };
    const seen = api.called().length;
    const slow = api.fetch(session, 'PUT', path, body);
    await expect.poll(() => api.called().slice(seen), { timeout: 10_000 }).toContain('AssumeRole');
    api.stack.clock.advance(30);
    expect((await slow).json()).toMatchObject({ status: 409, code: 'busy' });
    expect(timesCalled(api, 'EnableMFADevice')).toBe(0);
    expect(api.activeDevices('bob')).not.toContain(device.serialNumber);
  });
});

describe.concurrent('enabling a device while everything is slow', () => {
  const api = useApi(async () => ({ timeoutMs: 4_000 }));

  it('is given up shortly before the function would be ended, with an answer, and the lease is given back', async ({
    expect,
  }) => {
    await warmUp(api);
    const device = await createFirst(api, 'alice');
    for (const operation of ['ListMFADevices', 'ListMFADeviceTags', 'EnableMFADevice', 'UpdateItem']) {
      api.stack.faults.put({ operation, delayMs: 700, times: operation === 'UpdateItem' ? 2 : 1 });
    }
    const answer = await enableFirst(api, 'alice', device);
    expect(answer.json()).toMatchObject({ status: 504, code: 'timeout' });
    api.stack.faults.clear();
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
  });
});
