import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { resourcePolicy, resourcePolicyLimit } from '../../infra/policies/resource-policy.ts';
import { expandResources } from '../../local-aws/gateway/authorizer.ts';
import { conditionContext } from '../../local-aws/policy/context.ts';
import { decide } from '../../local-aws/policy/evaluate.ts';
import type { Principal, SessionContext } from '../../local-aws/principal.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Gate, Operation } from '../../shared/contract/operation.ts';

const operations = await loadOperations();
const settings = { stage: 'live', stepUpMaxAge: 900 };
const apiArn = 'arn:aws:execute-api:us-east-1:123456789012:api';
const now = Date.parse('2026-11-24T12:00:00Z');
const invokeAnything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' },
};
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function user(session?: Partial<SessionContext>): Principal {
  return {
    type: 'user',
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/alice',
    userName: 'alice',
    userId: 'AIDAALICE',
    accessKeyId: session ? 'ASIAALICE' : 'AKIAALICE',
    ...(session && { session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [], ...session } }),
  };
}

const userWithMfa = (secondsAgo: number) => user({ mfaAt: now - secondsAgo * 1000 });

const role: Principal = {
  type: 'assumed-role',
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/agents/ann',
  roleArn: 'arn:aws:iam::123456789012:role/agents',
  userId: 'AROAAGENTS:ann',
  accessKeyId: 'ASIAROLE',
  session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [] },
};

const root: Principal = {
  type: 'root',
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
  accessKeyId: 'AKIAROOT',
};

/** The decision on a caller who may invoke everything. */
function decisionOn(
  principal: Principal | undefined,
  route: string,
  policy = resourcePolicy(operations, settings),
  identity: readonly PolicyDocument[] = [invokeAnything],
) {
  return decide(
    {
      action: 'execute-api:Invoke',
      resource: `${apiArn}/live/${route}`,
      principal,
      context: conditionContext(principal, { now }),
    },
    { identity: principal ? identity : [], resource: expandResources(policy, apiArn) },
  );
}

const routeOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method}${path.replaceAll(/\{\w+\}/g, 'phone')}`;
const gated = operations.filter(({ gate }) => gate === 'second-factor');
const open = operations.filter(({ gate }) => gate === 'identity');
const anonymous = operations.filter(({ gate }) => gate === 'anonymous');

describe('the resource policy on gated routes', () => {
  it.each(gated)('lets a recent session with MFA call $name', (operation) => {
    expect(decisionOn(userWithMfa(0), routeOf(operation))).toBe('allow');
    expect(decisionOn(userWithMfa(900), routeOf(operation))).toBe('allow');
  });

  it.each(gated)('refuses $name to a long-term key', (operation) => {
    expect(decisionOn(user(), routeOf(operation))).toBe('explicit-deny');
  });

  it.each(gated)('refuses $name to a session without MFA', (operation) => {
    expect(decisionOn(user({}), routeOf(operation))).toBe('explicit-deny');
  });

  it.each(gated)('refuses $name to a session with old MFA', (operation) => {
    expect(decisionOn(userWithMfa(901), routeOf(operation))).toBe('explicit-deny');
  });

  it.each(methods)('refuses a long-term key every path of the prefix under %s', (method) => {
    for (const path of [
      '',
      '/',
      '/phone',
      '/phone/activation',
      '/not/yet/made',
      '%2Fphone',
      '-of-a-later-day',
    ]) {
      expect(decisionOn(user(), `${method}/v1/mfa-devices${path}`)).toBe('explicit-deny');
    }
  });

  it('refuses a long-term key the prefix behind a second slash', () => {
    expect(decisionOn(user(), 'POST//v1/mfa-devices')).toBe('explicit-deny');
  });
});

describe('the resource policy elsewhere', () => {
  it.each(open)('lets a long-term key call $name', (operation) => {
    expect(decisionOn(user(), routeOf(operation))).toBe('allow');
  });

  it('leaves roles to their own policies', () => {
    expect(decisionOn(role, 'POST/v1/mfa-devices')).toBe('allow');
  });

  it.each([...open, ...gated])('refuses $name to root', (operation) => {
    expect(decisionOn(root, routeOf(operation))).toBe('explicit-deny');
  });

  it.each(['GET/v1/me', 'POST/v1/mfa-devices'])('refuses %s to root even with MFA', (route) => {
    const session = { issuedAt: now, expiresAt: now + 3_600_000, mfaAt: now, policies: [] };
    expect(decisionOn({ ...root, session }, route)).toBe('explicit-deny');
  });

  it.each([...open, ...gated])('does not open $name to unsigned requests', (operation) => {
    expect(decisionOn(undefined, routeOf(operation))).not.toBe('allow');
  });

  it.each(anonymous)('opens $name to everyone, but only by its method', (operation) => {
    expect(decisionOn(undefined, routeOf(operation))).toBe('allow');
    expect(decisionOn(undefined, routeOf({ ...operation, method: 'DELETE' }))).toBe('implicit-deny');
  });

  it('grants nothing besides the anonymous routes', () => {
    const policy = resourcePolicy([...open, ...gated], settings);
    expect([policy.Statement].flat().map(({ Effect }) => Effect)).not.toContain('Allow');
  });
});

describe('the resource policy with origins configured', () => {
  const policy = resourcePolicy(operations, { ...settings, allowedOrigins: ['https://portal.example.com'] });

  it.each(operations.filter(({ path }) => path !== '/'))(
    'answers unsigned preflights of $name',
    (operation) => {
      expect(decisionOn(undefined, routeOf({ ...operation, method: 'OPTIONS' }), policy)).toBe('allow');
    },
  );

  it('opens nothing else to unsigned requests', () => {
    const routes = operations.flatMap((operation) =>
      methods.filter((method) => method !== 'OPTIONS').map((method) => routeOf({ ...operation, method })),
    );
    const opened = routes.filter((route) => decisionOn(undefined, route, policy) === 'allow');
    expect([...new Set(opened)].sort()).toEqual(anonymous.map(routeOf).sort());
  });

  it.each([...open, ...gated])('answers no preflight of $name without origins', (operation) => {
    expect(decisionOn(undefined, `OPTIONS${operation.path}`)).not.toBe('allow');
  });

  it.each([
    ['a path that there is not', 'OPTIONS/v1/unknown'],
    ['the root', 'OPTIONS/'],
  ])('answers no preflight of %s', (_, route) => {
    expect(decisionOn(undefined, route, policy)).toBe('implicit-deny');
  });

  it.each(methods)('still refuses root every route under %s, with or without an override', (method) => {
    const signed = [...open, ...gated].map((operation) => routeOf({ ...operation, method }));
    for (const route of signed) expect(decisionOn(root, route, policy)).toBe('explicit-deny');
  });

  it.each(methods)('still refuses a long-term key the gated routes under %s', (method) => {
    for (const operation of gated) {
      const route = routeOf({ ...operation, method });
      expect(decisionOn(user(), route, policy)).toBe('explicit-deny');
    }
  });

  it.each([
    ['a user', userWithMfa(0)],
    ['a role', role],
  ])('gives %s signing OPTIONS nothing beyond their own policies', (_, principal) => {
    for (const operation of [...open, ...gated]) {
      const route = routeOf({ ...operation, method: 'OPTIONS' });
      expect(decisionOn(principal, route, policy, [])).toBe('implicit-deny');
    }
  });

  it.each(methods.filter((method) => method !== 'OPTIONS'))(
    'refuses %s if the gateway does not state the principal',
    (method) => {
      for (const operation of [...open, ...gated]) {
        const resource = `${apiArn}/live/${routeOf({ ...operation, method })}`;
        const request = { action: 'execute-api:Invoke', resource, principal: undefined, context: {} };
        expect(decide(request, { identity: [], resource: expandResources(policy, apiArn) })).toBe(
          'explicit-deny',
        );
      }
    },
  );

  it('fits API Gateway’s limit even with the longest stage name', () => {
    const longest = { ...settings, stage: 'a-stage-of-20-letter', allowedOrigins: ['https://a.example.com'] };
    expect(JSON.stringify(resourcePolicy(operations, longest)).length).toBeLessThan(
      resourcePolicyLimit * 0.75,
    );
  });
});

describe('the two conditions', () => {
  const weaken = (from: string, to: string): PolicyDocument =>
    JSON.parse(JSON.stringify(resourcePolicy(operations, settings)).replaceAll(from, to));

  it('would let a long-term key through without IfExists', () => {
    const plain = weaken('IfExists', '');
    expect(decisionOn(user(), 'POST/v1/mfa-devices', plain)).toBe('allow');
  });

  it.each([
    ['BoolIfExists', 'Bool'],
    ['NumericGreaterThanIfExists', 'NumericGreaterThan'],
  ])('each stop a long-term key alone: with %s weakened, the other still holds', (from, to) => {
    expect(decisionOn(user(), 'POST/v1/mfa-devices', weaken(from, to))).toBe('explicit-deny');
  });

  it('would let an old session through without the age', () => {
    const ageless = weaken('NumericGreaterThanIfExists', 'NumericLessThanIfExists');
    expect(decisionOn(userWithMfa(901), 'POST/v1/mfa-devices', ageless)).toBe('allow');
  });
});

const [anyOperation] = gated;
if (anyOperation === undefined) throw new Error('No operation needs the second factor');
const like = (changes: Partial<Operation>): Operation => ({ ...anyOperation, name: 'another', ...changes });

describe('the contracts behind the policy', () => {
  it('are refused with a route that needs an identity beside anonymous routes', () => {
    const docs = (name: string, gate: Gate): Operation => like({ name, gate, path: '/v1/docs' });
    expect(() => resourcePolicy([docs('docs', 'anonymous'), docs('more', 'identity')], settings)).toThrow(
      'more',
    );
  });

  it('gate a segment that no other route names', () => {
    const policy = resourcePolicy(
      [...operations, like({ path: '/v1/hardware-mfa-devices/{serial}' })],
      settings,
    );
    expect(decisionOn(user(), 'PUT/v1/hardware-mfa-devices/GAHT1', policy)).toBe('explicit-deny');
  });

  it('open an anonymous route to everyone, but only by its method', () => {
    const health = like({ gate: 'anonymous', method: 'GET', path: '/v1/health/{part}' });
    const policy = resourcePolicy([...operations, health], settings);
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
    expect(() => resourcePolicy([...operations, like(changes)], settings)).toThrow();
  });

  it('stay far below API Gateway’s limit', () => {
    expect(JSON.stringify(resourcePolicy(operations, settings)).length).toBeLessThan(resourcePolicyLimit / 4);
  });
});

describe('the settings', () => {
  it.each([Number.NaN, 0, -1, 1.5, Number.POSITIVE_INFINITY])('are refused with age %d', (stepUpMaxAge) => {
    expect(() => resourcePolicy(operations, { ...settings, stepUpMaxAge })).toThrow('stepUpMaxAge');
  });

  it.each(['', '*', 'live/*', '$stage'])('are refused with stage "%s"', (stage) => {
    expect(() => resourcePolicy(operations, { ...settings, stage })).toThrow('stage');
  });
});
