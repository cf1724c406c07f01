import { describe, it } from 'vitest';
import { templateWith } from '../support/deployed.ts';
import { type Api, useApi } from '../support/e2e.ts';
import { bobsSeed, createFirst, createFurther, enableFirst, stepUp } from '../support/e2e-flows.ts';

// Each test waits a long time, so they run concurrently, each on its own stack.

/** Starts the function and opens its connections, so that only AWS is slow afterwards. */
const warmUp = (api: Api) => enableFirst(api, 'carol', { name: 'none', seed: bobsSeed });

const timesCalled = (api: Api, operation: string) =>
  api.called().filter((called) => called === operation).length;

describe.concurrent('enabling a device when time passes', () => {
  const api = useApi();

  it('does not happen once the lease has expired', async ({ expect }) => {
    const session = stepUp(api, 'bob');
    const device = await createFurther(api, session, 'tablet');
    await api.fetch(session, 'PUT', '/v1/mfa-devices/none/activation', { code1: '123456', code2: '654321' });
    const path = '/v1/mfa-devices/tablet/activation';
    // The lease expires while IAM is slow to list.
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
  const impatient = templateWith((resources) => {
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type === 'AWS::Lambda::Function') Properties['Timeout'] = 4;
    }
  });
  const api = useApi(async () => ({ template: await impatient }));

  it('answers shortly before the function times out, and releases the lease', async ({ expect }) => {
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
