import { describe, expect, it } from 'vitest';
import type { Place } from '../../infra/cloudformation/template.ts';
import { expandResources } from '../../infra/policies/expand-resources.ts';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { resourcePolicy, resourcePolicyLimit } from '../../infra/policies/resource-policy.ts';
import type { Gate, Operation } from '../../shared/contract/operation.ts';
import { resolvedOf } from '../support/packaged-template.ts';
import { decisionOn, gated, operations, origins, policyOf, user, userWithMfa } from './invocations.ts';

const [anyOperation] = gated;
if (anyOperation === undefined) throw new Error('No operation needs the second factor');
const like = (changes: Partial<Operation>): Operation => ({ ...anyOperation, name: 'another', ...changes });

describe('the contracts behind the policy', () => {
  it('are refused with a route that needs an identity beside anonymous routes', () => {
    const docs = (name: string, gate: Gate): Operation => like({ name, gate, path: '/v1/docs' });
    expect(() => resourcePolicy([docs('docs', 'anonymous'), docs('more', 'identity')])).toThrow('more');
  });

  it('gate a segment that no other route names', () => {
    const policy = policyOf([...operations, like({ path: '/v1/hardware-mfa-devices/{serial}' })]);
    expect(decisionOn(user(), 'PUT/v1/hardware-mfa-devices/GAHT1', policy)).toBe('explicit-deny');
  });

  it('open an anonymous route to everyone, but only by its method', () => {
    const health = like({ gate: 'anonymous', method: 'GET', path: '/v1/health/{part}' });
    const policy = policyOf([...operations, health]);
    expect(decisionOn(undefined, 'GET/v1/health/all', policy)).toBe('allow');
    expect(decisionOn(undefined, 'POST/v1/health/all', policy)).toBe('implicit-deny');
  });

  it('open the page at the root, but no path below it', () => {
    expect(decisionOn(undefined, 'GET/')).toBe('allow');
    for (const route of ['GET//', 'GET/x', 'POST/', 'GET/v1', 'GET/v1/']) {
      expect(decisionOn(undefined, route), route).toBe('implicit-deny');
    }
  });

  it.each([
    ['a second factor at the root', { path: '/' }],
    ['an identity at the root', { gate: 'identity', path: '/' }],
    ['a second factor below /v1/me', { path: '/v1/me/late' }],
    ['an identity only below a gated prefix', { gate: 'identity', path: '/v1/mfa-devices/late' }],
    ['an anonymous route below a gated prefix', { gate: 'anonymous', path: '/v1/mfa-devices-help' }],
    ['an anonymous route below /v1/me', { gate: 'anonymous', path: '/v1/me/help' }],
    ['a gated prefix that is the beginning of another', { path: '/v1/m' }],
    ['a parameter in place of the prefix', { path: '/v1/{anything}' }],
  ] as const)('are refused with %s', (_, changes) => {
    expect(() => resourcePolicy([...operations, like(changes)])).toThrow();
  });
});

describe('the resource policy as API Gateway stores it', () => {
  const stage = 'a-stage-of-20-letter';
  const places: readonly Partial<Place>[] = [
    { partition: 'aws', region: 'ap-southeast-2' },
    { partition: 'aws-us-gov', region: 'us-gov-west-1' },
    { partition: 'aws-cn', region: 'cn-northwest-1', urlSuffix: 'amazonaws.com.cn' },
  ];

  it.each(places)(
    'fits its limit more than twice in $partition, with the longest names and origins',
    (where) => {
      const { resources } = resolvedOf(
        stage,
        { ...origins, stepUpMaxAge: 129_600, resyncCoolDown: 0 },
        where,
      );
      const arn = `arn:${where.partition}:execute-api:${where.region}:123456789012:abcde12345`;
      const policy: PolicyDocument = Object(resources['ApiGatewayRestApi']?.properties['Policy']);
      const stored = JSON.stringify(expandResources(policy, arn));
      // 2,786 characters in us-gov-west-1.
      expect(stored.length).toBeGreaterThan(2600);
      expect(stored.length).toBeLessThan(2900);
      expect(stored.length * 2).toBeLessThan(resourcePolicyLimit);
    },
  );

  it.each([
    ['without origins', {}, []],
    ['with origins', origins, ['AllowUnsignedPreflights']],
  ])('has these statements and no others %s', (_, settings, more) => {
    const statements = [policyOf(operations, settings).Statement].flat();
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      'DenyUsersWithoutMfa',
      'DenyUsersWithOldMfa',
      'DenyAllButUsersAndRoles',
      'AllowAnonymousRoutes',
      ...more,
    ]);
  });

  it('is that of the template', () => {
    const { resources } = resolvedOf('live', origins);
    expect(resources['ApiGatewayRestApi']?.properties['Policy']).toEqual(policyOf(operations, origins));
  });

  it('has the age of the settings', () => {
    const policy = policyOf(operations, { stepUpMaxAge: 60 });
    expect(decisionOn(userWithMfa(60), 'POST/v1/mfa-devices', policy)).toBe('allow');
    expect(decisionOn(userWithMfa(61), 'POST/v1/mfa-devices', policy)).toBe('explicit-deny');
  });
});
