import { describe, expect, it } from 'vitest';
import { expandResources } from '../../infra/policies/expand-resources.ts';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { decide } from '../../local-aws/policy/evaluate.ts';
import {
  anonymous,
  apiArn,
  byDefault,
  decisionOn,
  federated,
  gated,
  invokeAnything,
  methods,
  now,
  open,
  operations,
  origins,
  policyOf,
  role,
  root,
  routeOf,
  user,
  userWithMfa,
} from './invocations.ts';

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

  it.each(methods)('refuses long-term keys, old sessions and root in another stage under %s', (method) => {
    for (const operation of gated) {
      const decisions = [user(), user({}), userWithMfa(901), root].map((principal) =>
        decisionOn(principal, routeOf({ ...operation, method }), byDefault, [invokeAnything], 'other'),
      );
      expect(new Set(decisions)).toEqual(new Set(['explicit-deny']));
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

  it.each([...open, ...gated])('refuses $name to root and to federated users', (operation) => {
    expect(decisionOn(root, routeOf(operation))).toBe('explicit-deny');
    expect(decisionOn(federated, routeOf(operation))).toBe('explicit-deny');
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
    const policy = policyOf([...open, ...gated]);
    expect([policy.Statement].flat().map(({ Effect }) => Effect)).not.toContain('Allow');
  });
});

describe('the resource policy with origins configured', () => {
  const policy = policyOf(operations, origins);

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

  it.each(methods)('opens no path of another stage under %s', (method) => {
    const resource = `${apiArn}/test/${method}/v1/health`;
    const request = { action: 'execute-api:Invoke', resource, principal: undefined, context: {} };
    expect(decide(request, { identity: [], resource: expandResources(policy, apiArn) })).toBe(
      'implicit-deny',
    );
  });

  it.each(methods)(
    'still refuses root and federated users every route under %s, with or without an override',
    (method) => {
      for (const operation of [...open, ...gated]) {
        const route = routeOf({ ...operation, method });
        for (const principal of [root, federated])
          expect(decisionOn(principal, route, policy)).toBe('explicit-deny');
      }
    },
  );

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

  it.each(methods)('refuses %s of a principal whose type the gateway does not state', (method) => {
    for (const operation of [...open, ...gated]) {
      const resource = `${apiArn}/live/${routeOf({ ...operation, method })}`;
      const context = { 'aws:PrincipalArn': root.arn };
      const request = { action: 'execute-api:Invoke', resource, principal: root, context };
      const policies = { identity: [invokeAnything], resource: expandResources(policy, apiArn) };
      expect(decide(request, policies)).toBe('explicit-deny');
    }
  });

  it('refuses whatever is not a preflight if the gateway does not state the principal', () => {
    for (const operation of [...open, ...gated]) {
      for (const method of methods.filter((any) => any !== 'OPTIONS')) {
        expect(decisionOn(undefined, routeOf({ ...operation, method }), policy)).toBe('implicit-deny');
      }
    }
  });
});

describe('the two conditions', () => {
  const weaken = (from: string, to: string): PolicyDocument =>
    JSON.parse(JSON.stringify(byDefault).replaceAll(from, to));

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
