import { describe, expect, it } from 'vitest';
import {
  enrolmentHoldPolicy,
  selfServicePolicy,
  staffPolicy,
} from '../../infra/policies/managed-policies.ts';
import { evaluate } from '../../local-aws/policy/evaluate.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Audience, Operation } from '../../shared/contract/operation.ts';
import { account, allowedBy, names } from './judge.ts';

const operations = await loadOperations();
const api = 'arn:aws:execute-api:us-east-1:123456789012:api/live';
const id = 'a2b3c4d5e6f7a2b3c4d5e6f7ab';
const policies = {
  'self-service': selfServicePolicy(operations, names),
  'recovery-agent': staffPolicy('recovery-agent', operations, names),
  'recovery-approver': staffPolicy('recovery-approver', operations, names),
  auditor: staffPolicy('auditor', operations, names),
} satisfies Partial<Record<Audience, unknown>>;
type Holder = keyof typeof policies;
const holders: readonly Holder[] = ['self-service', 'recovery-agent', 'recovery-approver', 'auditor'];

const may = (holder: Holder, route: string, base = api) =>
  allowedBy({ policy: policies[holder] })('execute-api:Invoke', `${base}/${route}`);
const routeOf = ({ method, path }: Operation) =>
  `${method}${path.replace('{recoveryId}', id).replaceAll(/\{\w+\}/g, 'x')}`;
const signed = operations.filter(({ gate }) => gate !== 'anonymous');

describe.each(holders)('the policy of %s', (holder) => {
  it.each(signed)('allows $name only if it is meant for the holder', (operation) => {
    expect(may(holder, routeOf(operation))).toBe(operation.audience.includes(holder));
  });

  it.each([
    ['another stage', 'arn:aws:execute-api:us-east-1:123456789012:api/test'],
    ['another API', 'arn:aws:execute-api:us-east-1:123456789012:other/live'],
    ['another account', 'arn:aws:execute-api:us-east-1:210987654321:api/live'],
  ])('does not reach %s', (_, base) => {
    for (const operation of signed) expect(may(holder, routeOf(operation), base)).toBe(false);
  });

  it('does not reach ticketing or a future route', () => {
    for (const route of ['POST/v1/ticketing/jira', 'GET/v1/reports', 'POST/v1/recoveries-of-all']) {
      expect(may(holder, route)).toBe(false);
    }
  });

  it('allows nothing but invoking the API', () => {
    const actions = [policies[holder].Statement].flat().flatMap(({ Action }) => Action);
    expect(actions).toEqual(['execute-api:Invoke']);
  });
});

describe('separation of duties', () => {
  const decisions = ['approval', 'denial', 'cancellation', 'enrolment-pass'];
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

  it.each(decisions)(
    'keeps agents, auditors and users from %s under any method and spelling of the id',
    (part) => {
      const ids = [id, 'x', '*', `${id}/..`, `${id}/${id}`, `x/../${id}`];
      for (const holder of ['recovery-agent', 'auditor', 'self-service'] as const) {
        for (const route of methods.flatMap((method) =>
          ids.map((any) => `${method}/v1/recoveries/${any}/${part}`),
        )) {
          expect(may(holder, route), route).toBe(false);
        }
      }
    },
  );

  it('keeps approvers from requesting', () => {
    for (const method of methods.filter((any) => any !== 'GET')) {
      expect(may('recovery-approver', `${method}/v1/recoveries`)).toBe(false);
    }
  });

  it('lets auditors read users and nothing else', () => {
    for (const method of methods.filter((any) => any !== 'GET')) {
      expect(may('auditor', `${method}/v1/users`)).toBe(false);
      expect(may('auditor', `${method}/v1/users/alice/mfa-devices`)).toBe(false);
    }
    expect(may('auditor', 'GET/v1/recoveries')).toBe(false);
    expect(may('auditor', `GET/v1/recoveries/${id}`)).toBe(false);
  });

  it('keeps users from other people’s recoveries and other users', () => {
    for (const method of methods) {
      for (const path of ['recoveries', `recoveries/${id}`, 'users', 'users/alice/mfa-devices']) {
        expect(may('self-service', `${method}/v1/${path}`)).toBe(false);
      }
    }
  });

  it('lets users object, but not staff on their behalf', () => {
    const objection = `PUT/v1/me/recoveries/${id}/objection`;
    expect(may('self-service', objection)).toBe(true);
    for (const holder of ['recovery-agent', 'recovery-approver', 'auditor'] as const) {
      expect(may(holder, objection)).toBe(false);
    }
  });
});

describe('the hold', () => {
  const decide = (action: string, resource = `${account}:user/alice`, context: Record<string, string> = {}) =>
    evaluate({ action, resource, principal: undefined, context }, [
      enrolmentHoldPolicy,
      { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    ]);

  it.each([
    ['iam:CreateVirtualMFADevice', `${account}:mfa/phone`],
    ['iam:CreateVirtualMFADevice', `${account}:mfa/self-service/alice/phone`],
    ['iam:EnableMFADevice', `${account}:user/alice`],
  ])('denies %s on %s', (action, resource) => {
    expect(decide(action, resource)).toBe('explicit-deny');
  });

  it.each([
    'iam:DeactivateMFADevice',
    'iam:ListMFADevices',
    'iam:ResyncMFADevice',
    'iam:ChangePassword',
    'execute-api:Invoke',
    'sts:GetSessionToken',
    's3:GetObject',
  ])('denies %s to sessions with MFA alone', (action) => {
    const withMfa = (value: string) => decide(action, undefined, { 'aws:MultiFactorAuthPresent': value });
    // Long-term keys have no such key at all.
    expect([decide(action), withMfa('false'), withMfa('true')]).toEqual(['allow', 'allow', 'explicit-deny']);
  });
});
