import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { getPortal } from '../../../shared/contract/operations/get-portal.ts';
import { listUserMfaDevices } from '../../../shared/contract/operations/list-user-mfa-devices.ts';
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
    ['a custom domain without a stage', {}, { path: '/test/v1/me', requestContext: { path: '/test/v1/me' } }],
    [
      'a base path without a stage',
      { BASE_PATH: '/mfa' },
      { path: '/mfa/test/v1/me', requestContext: { path: '/mfa/test/v1/me' } },
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
    ['/test', '/test'],
    ['/test/', '/test/'],
    ['/mfa/test', '/mfa/test'],
    ['/mfa/test/', '/mfa/test/'],
  ])('of the page is served at %s, which the gateway has as %s', async (path, gatewayPath) => {
    const { assertDeployedRoute } = await guardWith({ BASE_PATH: '/mfa' });
    expect(() => assertDeployedRoute(root(path, gatewayPath), getPortal)).not.toThrow();
  });

  it.each([
    ...['//', '/v1', '/v1/..', '/mfa//', '/mfa/v1/me', '/.', '', '/%2e'],
    ...['/test//', '/mfa/test//', '/mfa//test', '/test/mfa', '/mfa/other', '/tes', '/testing'],
  ])('of the page is not served at %s', async (path) => {
    const { assertDeployedRoute } = await guardWith({ BASE_PATH: '/mfa' });
    expect(() => assertDeployedRoute(root(path, path), getPortal)).toThrowError(
      expect.objectContaining({ code: 'route-not-found' }),
    );
  });

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
    '/test/test/v1/mfa-devices/phone/activation',
    '/test//v1/mfa-devices/phone/activation',
    '//test/v1/mfa-devices/phone/activation',
    '/%74est/v1/mfa-devices/phone/activation',
    '/TEST/v1/mfa-devices/phone/activation',
    '/tes/v1/mfa-devices/phone/activation',
    '/test-invoke-stage/v1/mfa-devices/phone/activation',
    '/testv1/mfa-devices/phone/activation',
    '/mfa/v1/mfa-devices/phone/activation',
    '/test/mfa/v1/mfa-devices/phone/activation',
    'v1/mfa-devices/phone/activation',
  ])('is not served when spelled %s', async (path) => {
    const { assertDeployedRoute } = await guardWith();

    expect(() => assertDeployedRoute(apiEvent({ path, pathParameters }), enableMfaDevice)).toThrowError(
      expect.objectContaining({ code: 'route-not-found' }),
    );
  });

  it.each([
    '/test/mfa/v1/me',
    '/mfa//test/v1/me',
    '/mfa/test/test/v1/me',
    '/mfa/mfa/v1/me',
    '/mfa/other/v1/me',
    '/mfatest/v1/me',
    '/MFA/test/v1/me',
    '/mfa%2Ftest/v1/me',
  ])('with a base path is not served at %s', async (path) => {
    const { assertDeployedRoute } = await guardWith({ BASE_PATH: '/mfa' });
    const events = [
      apiEvent({ path, requestContext: { path: '/test/v1/me' } }),
      apiEvent({ path: '/v1/me', requestContext: { path } }),
    ];

    for (const event of events) {
      expect(() => assertDeployedRoute(event, getMe)).toThrowError(
        expect.objectContaining({ code: 'route-not-found' }),
      );
    }
  });

  const aboutUser = (userName: string) =>
    apiEvent({ path: `/v1/users/${userName}/mfa-devices`, pathParameters: { userName } });

  it.each(['a@b.c', 'a%40b.c', 'a%2Bb', 'a%2bb', 'a+b', 'a%3D%2Cb'])(
    'is served for the user %s, encoded or not',
    async (userName) => {
      const { assertDeployedRoute } = await guardWith();

      expect(() => assertDeployedRoute(aboutUser(userName), listUserMfaDevices)).not.toThrow();
    },
  );

  it.each([
    ...['..', '.', '%2e%2e', '%2E', '.%2e', '%2e.'],
    ...['a/b', 'a%2Fb', 'a%2fb', '..%2Fadmin', '%2F', 'a%5Cb', 'a%5c..', 'a\\b'],
    ...['a%252Fb', 'a%2540b', '%25', '%61lice', 'alic%65', '%41', '%30', '%5F', '%2D', '%7E'],
  ])('is not served for the user %s', async (userName) => {
    const { assertDeployedRoute } = await guardWith();

    expect(() => assertDeployedRoute(aboutUser(userName), listUserMfaDevices)).toThrowError(
      expect.objectContaining({ code: 'route-not-found' }),
    );
  });

  it('is not served when gateway and function see different parameters', async () => {
    const { assertDeployedRoute } = await guardWith();
    const event = { ...aboutUser('bob'), pathParameters: { userName: 'alice' } };
    const decoded = { ...aboutUser('a%40b'), pathParameters: { userName: 'a@b' } };

    for (const odd of [event, decoded]) {
      expect(() => assertDeployedRoute(odd, listUserMfaDevices)).toThrowError(
        expect.objectContaining({ code: 'route-not-found' }),
      );
    }
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
