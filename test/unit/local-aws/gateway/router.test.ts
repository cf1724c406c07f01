import { describe, expect, it } from 'vitest';
import { expandResources } from '../../../../infra/policies/expand-resources.ts';
import { createRouter } from '../../../../local-aws/gateway/router.ts';
import { fixtureOperations } from '../../../support/fixtures/operations.ts';

const route = createRouter(fixtureOperations);

describe('a route', () => {
  it.each([
    ['/v1/me/mfa-devices/phone', 'phone'],
    ['/v1/me/mfa-devices/a%20b', 'a%20b'],
    ['/v1/me/mfa-devices/a%2Fb', 'a%2Fb'],
    ['/v1/me/mfa-devices/%7Eabc', '%7Eabc'],
    ['/v1/me/mfa-devices/a%252Fb', 'a%252Fb'],
    ['/v1/me/mfa-devices/100%', '100%'],
    ['//v1/me/x/../mfa-devices//phone/', 'phone'],
    ['/v1%2Fme%2fmfa-devices/a%40b', 'a%40b'],
    ['/v1/me/mf%61-devices/%2e%2e/mfa-devices/a%40b', 'a%40b'],
  ])('of %s has the parameter %s, as sent', (path, deviceId) => {
    expect(route('GET', path)).toMatchObject({
      route: { name: 'get-device' },
      pathParameters: { deviceId },
    });
  });

  it.each(['/', '//', '/.', '/v1/..'])('of the root is found as %s', (path) => {
    const [one] = fixtureOperations;
    if (one === undefined) throw new Error('there is no fixture');
    const router = createRouter([...fixtureOperations, { ...one, method: 'GET', path: '/', name: 'root' }]);
    expect(router('GET', path)).toMatchObject({ route: { name: 'root' }, pathParameters: null });
  });

  it('prefers a fixed segment to a parameter', () => {
    const [one] = fixtureOperations.filter(({ name }) => name === 'get-device');
    if (one === undefined) throw new Error('the fixture has no get-device');
    const fixed = { ...one, name: 'fixed', path: '/v1/me/mfa-devices/default' } as const;
    for (const operations of [
      [one, fixed],
      [fixed, one],
    ]) {
      const router = createRouter(operations);
      expect(router('GET', '/v1/me/mfa-devices/default')?.route.name).toBe('fixed');
      expect(router('GET', '/v1/me/mfa-devices/other')?.route.name).toBe('get-device');
    }
  });

  it.each([
    ['GET', '/v1/me/mfa-devices/'],
    ['POST', '/v1/me/mfa-devices/phone'],
    ['GET', '/v1/ME/mfa-devices/phone'],
    ['get', '/v1/me/mfa-devices/phone'],
    ['GET', '/'],
  ])('is not %s %s', (method, path) => {
    expect(route(method, path)).toBeUndefined();
  });
});

describe('the short form of resources', () => {
  const apiArn = 'arn:aws:execute-api:us-east-1:123456789012:localapi00';
  const common = { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke' } as const;

  it('becomes the full ARN of this API, in every place', () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { ...common, Resource: 'execute-api:/local/*/v1/a*' },
        { ...common, Resource: ['execute-api:/local/GET/v1/b', `${apiArn}/other/*`] },
        { ...common, NotResource: 'execute-api:/*' },
      ],
    };
    expect(expandResources(policy, apiArn).Statement).toEqual([
      { ...common, Resource: [`${apiArn}/local/*/v1/a*`] },
      { ...common, Resource: [`${apiArn}/local/GET/v1/b`, `${apiArn}/other/*`] },
      { ...common, NotResource: [`${apiArn}/*`] },
    ]);
  });

  it('is also expanded in a policy of one statement', () => {
    const Statement = { ...common, Resource: 'execute-api:/local/*' };
    expect(expandResources({ Statement }, apiArn).Statement).toEqual([
      { ...common, Resource: [`${apiArn}/local/*`] },
    ]);
  });
});
