import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { functionName } from '../../infra/template/resource-names.ts';
import type { Check } from '../../infra/verify/finding.ts';
import { verify } from '../../infra/verify/verify.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { type GatewayChanges, withGateway } from '../support/gateway-in-front.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { failed, findingsOf, namesOf, subjectOn, unproven } from '../support/verify.ts';

const operations = await loadOperations();
const nameOf = (operation: string) => functionName(deployment.stage, operation);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.reset());
afterAll(() => stack.close());

describe('the smoke run', () => {
  const isSmoke = ({ name }: Check) => name.startsWith('smoke: ');

  it('uses each operation that a route reaches, and leaves everything as it was', async () => {
    const before = JSON.stringify(stack.account.devices.records());
    const findings = await findingsOf(subjectOn(stack, 'bob'), isSmoke);
    expect([...failed(findings), ...unproven(findings)]).toEqual([]);
    expect(JSON.stringify(stack.account.devices.records())).toBe(before);
    for (const { name } of operations.filter(({ gate }) => gate !== 'anonymous')) {
      expect(namesOf(findings)).toContain(`smoke: ${name}: `);
    }
    const states = await stack.fetch('bob', 'GET', '/v1/me/recoveries');
    expect(
      states
        .json()
        .items.map(({ state }: { state: string }) => state)
        .sort(),
    ).toEqual(['cancelled', 'denied']);
  });

  const pendingOf = (userName: string) =>
    stack.account.devices
      .records()
      .filter(({ serialNumber }) => serialNumber.includes(`/${userName}/verify-`));

  it('leaves nothing if it is stopped in the middle', async () => {
    for await (const { check } of verify(subjectOn(stack, 'bob'), isSmoke)) {
      if (check.includes('creates a device')) {
        expect(pendingOf('bob')).toHaveLength(1);
        break;
      }
    }
    expect(pendingOf('bob')).toEqual([]);
  });

  it('leaves nothing if the deletion fails at first', async () => {
    let failures = 0;
    const invoke: GatewayChanges['invoke'] = (name, event) => {
      if (name === nameOf('delete-mfa-device') && failures++ === 0) return Promise.reject(new Error('once'));
      return stack.lambda.invoke(name, event);
    };
    const findings = await withGateway(stack, { invoke }, (url) =>
      findingsOf(subjectOn(stack, 'bob', { url }), isSmoke),
    );
    expect(namesOf(failed(findings))).toContain('smoke: delete-mfa-device: deletes it');
    expect(pendingOf('bob')).toEqual([]);
    expect(findings.at(-1)).toMatchObject({ check: 'smoke: nothing is left', faults: [] });
  });

  it('names what it could not remove', async () => {
    const invoke: GatewayChanges['invoke'] = (name, event) =>
      name === nameOf('delete-mfa-device') || name.endsWith('-recovery')
        ? Promise.reject(new Error('always'))
        : stack.lambda.invoke(name, event);
    const findings = await withGateway(stack, { invoke }, (url) =>
      findingsOf(subjectOn(stack, 'bob', { url }), isSmoke),
    );
    expect(findings.at(-1)?.faults.join()).toMatch(/delete the pending device verify-[0-9a-f]{12}/);
    expect(pendingOf('bob')).toHaveLength(1);
  });

  it('shows no seed, whatever fails', async () => {
    const seeds = new Set<string>();
    const { devices } = stack.account;
    const invoke: GatewayChanges['invoke'] = async (name, event) => {
      const outcome = await stack.lambda.invoke(name, event);
      for (const { seed } of devices.all()) if (seed !== undefined) seeds.add(seed);
      if (name !== nameOf('create-mfa-device') || 'error' in outcome) return outcome;
      const result = JSON.parse(outcome.payload);
      if (result.isBase64Encoded) return outcome;
      // First, so that it is not cut off.
      const { base32Seed, ...rest } = JSON.parse(result.body);
      const body = JSON.stringify({ base32Seed, ...rest, status: 'active' });
      return { payload: JSON.stringify({ ...result, body }) };
    };
    const findings = await withGateway(stack, { invoke }, (url) =>
      findingsOf(subjectOn(stack, 'bob', { url }), isSmoke),
    );
    expect(namesOf(failed(findings))).toContain('smoke: create-mfa-device: creates a device');
    expect(seeds.size).toBeGreaterThan(1);
    for (const seed of seeds) expect(JSON.stringify(findings)).not.toContain(seed);
  });
});
