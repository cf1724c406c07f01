import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { getPortal } from '../../../shared/contract/operations/get-portal.ts';
import { callerOf } from '../../../shared/http/caller.ts';
import { apiEvent } from '../../support/api-event.ts';
import { freshFunction } from '../../support/fresh-function.ts';

/** The guard as a function with this environment sees it. */
async function guardWith(env: Record<string, string> = {}) {
  await freshFunction(env);
  return import('../../../shared/http/route-check.ts');
}

afterEach(() => vi.unstubAllEnvs());
// The settings of these functions stay with their modules.
afterAll(() => vi.resetModules());

const enablePath = '/v1/mfa-devices/phone/activation';
const pathParameters = { deviceId: 'phone' };

describe('the deployed route', () => {
  it.each([
    ['the stage URL', {}, { path: '/v1/me' }],
    ['a custom domain', {}, { path: '/v1/me', requestContext: { path: '/v1/me' } }],
    ['a base path', { BASE_PATH: '/mfa' }, { path: '/mfa/v1/me', requestContext: { path: '/mfa/v1/me' } }],
    [
      'a base path stripped already',
      { BASE_PATH: '/mfa' },
      { path: '/v1/me', requestContext: { path: '/mfa/v1/me' } },
    ],
  ])('is served at %s', async (_, env, event) => {
    const { assertDeployedRoute } = await guardWith(env);

    expect(() => assertDeployedRoute(apiEvent(event), getMe)).not.toThrow();
  });

  const root = (path: string, gatewayPath: string) =>
    apiEvent({ path, requestContext: { path: gatewayPath } });

  it.each([
    ['/', '/test/'],
    ['/', '/test'],
    ['/', '/'],
    ['/mfa', '/mfa'],
    ['/mfa/', '/mfa/'],
    ['/', '/mfa'],
  ])('of the page is served at %s, which the gateway has as %s', async (path, gatewayPath) => {
    const { assertDeployedRoute } = await guardWith({ BASE_PATH: '/mfa' });
    expect(() => assertDeployedRoute(root(path, gatewayPath), getPortal)).not.toThrow();
  });

  it.each(['//', '/v1', '/v1/..', '/mfa//', '/mfa/v1/me', '/.', '', '/%2e'])(
    'of the page is not served at %s',
    async (path) => {
      const { assertDeployedRoute } = await guardWith({ BASE_PATH: '/mfa' });
      expect(() => assertDeployedRoute(root(path, path), getPortal)).toThrowError(
        expect.objectContaining({ code: 'route-not-found' }),
      );
    },
  );

  it.each([
    '/v1/mfa-devices/phone/activation/',
    '//v1/mfa-devices/phone/activation',
    '/v1//mfa-devices/phone/activation',
    '/v1/me/../mfa-devices/phone/activation',
    '/v1/./mfa-devices/phone/activation',
    '/v1/mfa%2Ddevices/phone/activation',
    '/v1/mfa-devices/ph%6Fne/activation',
    '/V1/mfa-devices/phone/activation',
    '/v1/mfa-devices/phone;x/activation',
    '/other/v1/mfa-devices/phone/activation',
    '/test/v1/mfa-devices/phone/activation',
  ])('is not served when spelled %s', async (path) => {
    const { assertDeployedRoute } = await guardWith();

    expect(() => assertDeployedRoute(apiEvent({ path, pathParameters }), enableMfaDevice)).toThrowError(
      expect.objectContaining({ code: 'route-not-found' }),
    );
  });

  it('is not served when only the gateway saw the odd spelling', async () => {
    const { assertDeployedRoute } = await guardWith();
    const event = apiEvent({
      path: enablePath,
      pathParameters,
      requestContext: { path: '/test/v1/mfa%2Ddevices/phone/activation' },
    });

    expect(() => assertDeployedRoute(event, enableMfaDevice)).toThrowError(
      expect.objectContaining({ code: 'route-not-found' }),
    );
  });

  it.each([
    ['stage', { stage: 'test-invoke-stage' }],
    ['API', { apiId: 'another' }],
  ])('is not served by another %s', async (_, requestContext) => {
    const { assertDeployedRoute } = await guardWith();

    expect(() => assertDeployedRoute(apiEvent({ requestContext }), getMe)).toThrowError(
      expect.objectContaining({ code: 'access-denied' }),
    );
  });
});

describe('the gate', () => {
  const callerWith = (accessKey: string) => callerOf(apiEvent({ identity: { accessKey } }));

  it('refuses a long-term key where the second factor is needed, and says how to step up', async () => {
    const { assertGate } = await guardWith({ STEP_UP_MAX_AGE: '600' });

    expect(() => assertGate(callerWith('AKIAEXAMPLE000000001'), enableMfaDevice)).toThrowError(
      expect.objectContaining({
        code: 'step-up-required',
        extras: { maxAgeSeconds: 600 },
        message: expect.stringContaining('POST /v1/me/sessions'),
      }),
    );
  });

  it.each([
    ['a long-term key where identity is enough', 'AKIAEXAMPLE000000001', getMe],
    ['temporary credentials where the second factor is needed', 'ASIAEXAMPLE000000001', enableMfaDevice],
  ])('lets %s pass', async (_, accessKey, operation) => {
    const { assertGate } = await guardWith();

    expect(() => assertGate(callerWith(accessKey), operation)).not.toThrow();
  });
});
