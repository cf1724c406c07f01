import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { deployment } from '../../local-aws/deployment.ts';
import { type LocalStack, startLocalStack } from '../../local-aws/stack.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { apiEvent } from '../support/api-event.ts';

const operations = await loadOperations();
let stack: LocalStack;
/** The bundles in an otherwise empty folder. */
let directory: string;

beforeAll(async () => {
  stack = await startLocalStack();
  directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  cpSync(inject('functions').directory, directory, { recursive: true });
});

afterAll(async () => {
  await stack.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a function's bundle once, in its own process and under its own role. */
async function invokeBundle(name: string, overrides: Parameters<typeof apiEvent>[0]) {
  const operation = operations.find((any) => any.name === name);
  if (operation === undefined) throw new Error(`There is no operation ${name}`);
  const event = apiEvent({
    resource: operation.path,
    httpMethod: operation.method,
    ...overrides,
    requestContext: {
      apiId: deployment.apiId,
      stage: deployment.stage,
      path: `/${deployment.stage}${overrides?.path ?? operation.path}`,
      resourcePath: operation.path,
    },
  });
  return runBundle(name, event);
}

async function runBundle(name: string, event: APIGatewayProxyEvent) {
  const url = pathToFileURL(`${directory}/${name}/index.mjs`).href;
  const code = `
    const { handler } = await import(${JSON.stringify(url)});
    const answer = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 10000 });
    process.stdout.write('\\n' + JSON.stringify(answer), () => process.exit());
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    env: { ...stack.environmentOf(name) },
  });
  // The function's log comes before the answer.
  const { statusCode, headers, body } = JSON.parse(stdout.split('\n').at(-1) ?? '');
  return { statusCode, headers, body };
}

describe('a bundled function under its own role', () => {
  it('reads from IAM with the credentials that STS issued for its caller', async () => {
    const { statusCode, body } = await invokeBundle('get-me', { path: '/v1/me' });
    expect({ statusCode, body: JSON.parse(body) }).toMatchObject({
      statusCode: 200,
      body: { userName: 'alice', mfa: { active: 0, pending: 0 } },
    });
  });

  it('takes the lease, creates a device and draws its QR code', async () => {
    const { statusCode, body } = await invokeBundle('create-first-mfa-device', {
      path: '/v1/me/first-mfa-device',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'phone' }),
    });
    expect({ statusCode, body: JSON.parse(body) }).toMatchObject({
      statusCode: 201,
      body: {
        id: 'phone',
        status: 'pending',
        qrCode: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
      },
    });
  });

  it('maps an AWS error to its meaning', async () => {
    const { statusCode, body } = await invokeBundle('enable-first-mfa-device', {
      path: '/v1/me/first-mfa-device/phone/activation',
      pathParameters: { deviceId: 'phone' },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code1: '000000', code2: '000001' }),
    });
    expect({ statusCode, body: JSON.parse(body) }).toMatchObject({
      statusCode: 422,
      body: { code: 'invalid-authentication-code' },
    });
  });
});
