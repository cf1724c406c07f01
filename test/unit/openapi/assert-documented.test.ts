import { describe, expect, it } from 'vitest';
import { Problem, type ProblemCode } from '../../../shared/contract/problem.ts';
import { problemResponse } from '../../../shared/http/response.ts';
import { assertDocumented } from '../../support/openapi.ts';

const json = (status: number, value: unknown, headers = {}) => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: Buffer.from(JSON.stringify(value)),
});

function problem(code: ProblemCode, extras = {}) {
  const { statusCode, headers, body } = problemResponse(new Problem(code, 'It is so.', extras), 'r-1');
  return { status: statusCode, headers: { ...headers } as Record<string, string>, body: Buffer.from(body) };
}

const device = { id: 'a', name: 'a', kind: 'virtual', serialNumber: 'arn:a', status: 'active' };

describe('an answer is documented', () => {
  it.each([
    ['a result', 'GET', '/v1/health', json(200, { status: 'ok' })],
    ['a list', 'GET', '/v1/me/mfa-devices?limit=1', json(200, { items: [device] })],
    ['nothing', 'DELETE', '/v1/mfa-devices/a', { ...json(204, ''), body: Buffer.alloc(0) }],
    ['a problem of the operation', 'DELETE', '/v1/mfa-devices/a', problem('last-device')],
    ['a problem with a time', 'POST', '/v1/mfa-devices', problem('busy', { retryAfter: 2 })],
    ['any problem where there is no operation', 'GET', '/v1/nothing', problem('unauthenticated')],
  ])('when it is %s', (_what, method, target, answer) => {
    expect(() => assertDocumented(method, target, answer)).not.toThrow();
  });

  it.each([
    ['another value', 'GET', '/v1/health', json(200, { status: 'poor' })],
    ['more members', 'GET', '/v1/me/mfa-devices', json(200, { items: [{ ...device, seed: 'x' }] })],
    ['fewer members', 'GET', '/v1/me/mfa-devices', json(200, {})],
    ['another status', 'GET', '/v1/health', json(201, { status: 'ok' })],
    ['another type', 'GET', '/v1/health', json(200, { status: 'ok' }, { 'content-type': 'text/plain' })],
    [
      'a time in another format',
      'GET',
      '/v1/me/mfa-devices',
      json(200, { items: [{ ...device, enabledAt: 'now' }] }),
    ],
    ['to be stored', 'GET', '/v1/health', json(200, { status: 'ok' }, { 'cache-control': 'max-age=1' })],
    ['without its headers', 'GET', '/v1/health', { ...json(200, { status: 'ok' }), headers: {} }],
    ['not empty', 'DELETE', '/v1/mfa-devices/a', json(204, {})],
    ['a problem of another operation', 'GET', '/v1/me', problem('last-device')],
    ['a problem of another gate', 'GET', '/v1/health', problem('step-up-required')],
    ['a success where there is no operation', 'POST', '/v1/health', json(200, { status: 'ok' })],
    ['no problem where there is no operation', 'GET', '/v1/nothing', json(404, { message: 'Not found' })],
  ])('but not when it is %s', (_what, method, target, answer) => {
    expect(() => assertDocumented(method, target, answer)).toThrow(`${method} ${target.split('?')[0]} → `);
  });
});
