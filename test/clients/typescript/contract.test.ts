import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as client from '../../../clients/typescript/src/index.ts';
import { operations } from '../../../clients/typescript/src/operations.ts';
import { requestOf } from '../../../clients/typescript/src/request.ts';
import { generatedFiles } from '../../../clients/typescript/tools/generate.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import type { Operation } from '../../../shared/contract/operation.ts';
import { problems } from '../../../shared/contract/problem.ts';
import { recoveryState, requestedReason } from '../../../shared/contract/recovery-schemas.ts';
import { noBody } from '../../../shared/contract/schemas.ts';

const contracts = await loadOperations();
const camel = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const table = new Map(Object.entries(operations));
const called: readonly Operation[] = contracts.filter(({ name }) => table.has(camel(name)));

describe("the client's operations", () => {
  it('are all operations of the API except webhooks and pages', () => {
    const missing = contracts.filter((contract) => !called.includes(contract)).map(({ name }) => name);
    expect(missing).toEqual(['get-docs', 'get-portal', 'receive-ticket']);
    expect(table.size).toBe(called.length);
  });

  it.each(called.map((contract) => [contract.name, contract] as const))(
    '%s is as in its contract',
    (name, contract) => {
      const { method, path, query = [], anonymous = false, gated = false } = table.get(camel(name)) ?? {};
      expect({ method, path, query, anonymous, gated }).toEqual({
        method: contract.method,
        path: contract.path,
        query: Object.keys(contract.input.query.shape),
        anonymous: contract.gate === 'anonymous',
        gated: contract.gate === 'second-factor',
      });
      expect(table.get(camel(name))?.body ?? false).toBe(contract.input.body !== noBody);
      const parameters = [...contract.path.matchAll(/{(\w+)}/g)].map(([, parameter]) => parameter);
      expect(parameters).toEqual(Object.keys(contract.input.path.shape));
    },
  );

  it('are repeated only if they change nothing, or are idempotent and send nothing single-use', () => {
    const repeatable = called.filter(({ name }) => table.get(camel(name))?.repeatable);
    expect(repeatable.map(({ name }) => name)).toEqual([
      'approve-recovery',
      'cancel-recovery',
      'deactivate-mfa-device',
      'delete-mfa-device',
      'deny-recovery',
      'object-to-recovery',
      'untag-mfa-device',
    ]);
  });
});

it.each([...generatedFiles()])(
  '%s is made from docs/openapi.json (else run npm run client)',
  (file, text) => {
    expect(readFileSync(new URL(file), 'utf8')).toBe(text);
  },
);

it('lists every problem code, and the states and reasons of recoveries', () => {
  expect(client).toMatchObject({
    problemCodes: Object.keys(problems),
    recoveryStates: recoveryState.options,
    requestedReasons: requestedReason.options,
  });
});

describe('a request', () => {
  const url = 'https://api.example/prod';

  it('has its parameters in path, query and body', () => {
    expect(
      requestOf(url, 'enableMfaDevice', { deviceId: 'phone', code1: '1', code2: '2', replaces: undefined }),
    ).toMatchObject({
      method: 'PUT',
      url: `${url}/v1/mfa-devices/phone/activation`,
      body: '{"code1":"1","code2":"2"}',
    });
    expect(requestOf(url, 'untagMfaDevice', { deviceId: 'phone', key: ['a b', 'c+d'] })).toMatchObject({
      method: 'DELETE',
      url: `${url}/v1/mfa-devices/phone/tags?key=a%20b&key=c%2Bd`,
      body: undefined,
    });
    expect(requestOf(url, 'listUserMfaDevices', { userName: 'a.b+c=d,e@f_g' }).url).toBe(
      `${url}/v1/users/a.b+c=d,e@f_g/mfa-devices`,
    );
  });

  it.each(['.', '..', ''])('rejects the id %j, which would lead to another operation', (deviceId) => {
    expect(() => requestOf(url, 'deleteMfaDevice', { deviceId })).toThrow(TypeError);
  });

  it.each([
    ['../../recoveries/x', '..%2F..%2Frecoveries%2Fx'],
    ['%2e%2e', '%252e%252e'],
    ['a?b#c', 'a%3Fb%23c'],
  ])('keeps the id %j in its segment', (deviceId, segment) => {
    const { url: made } = requestOf(url, 'deleteMfaDevice', { deviceId });
    expect(new URL(made).href).toBe(`${url}/v1/mfa-devices/${segment}`);
  });

  it('rejects unknown members', () => {
    expect(() => requestOf(url, 'getMfaDevice', { deviceId: 'phone', label: 'x' })).toThrow(
      'getMfaDevice does not accept label.',
    );
    expect(() => requestOf(url, 'getMfaDevice', {})).toThrow('getMfaDevice needs a deviceId');
  });
});
