import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployment, localFunctionName } from '../../../local-aws/deployment.ts';
import { close, listen } from '../../../local-aws/servers.ts';
import { type Answer, rawFetch } from '../../support/http.ts';
import { startTestStack, type TestStack, userKeys, userSession } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.reset());
afterAll(() => stack.close());

const control = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  rawFetch(stack.awsUrl, method, `/_local${path}`, headers, body === undefined ? '' : JSON.stringify(body));

/** Asserts that the time in an answer is the given number of seconds ahead of real time. */
async function expectAhead(seconds: number, told: () => Promise<string>): Promise<void> {
  const before = Date.now();
  const ahead = Date.parse(await told()) - seconds * 1000;
  expect(ahead).toBeGreaterThanOrEqual(before);
  expect(ahead).toBeLessThanOrEqual(Date.now());
}

const clockOf = async (answer: Promise<Answer>): Promise<string> => (await answer).json().now;

const devicesOf = async (userName: string) => (await stack.fetch(userName, 'GET', '/v1/me')).json().mfa;

const createDevice = () => stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });

describe('the stack', () => {
  it('answers a signed request with the real function on the local AWS', async () => {
    const answer = await stack.fetch('alice', 'GET', '/v1/me');
    expect(answer.json()).toMatchObject({ userName: 'alice', stsEndpoint: stack.awsUrl });
    expect(stack.logText()).toContain(answer.json().userArn);
  });

  it('keeps long-term keys out of gated routes as when deployed', async () => {
    const session = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
    const statuses = await Promise.all(
      ['bob', session].map(
        async (who) => (await stack.fetch(who, 'POST', '/v1/mfa-devices', { name: 'new' })).status,
      ),
    );
    expect(statuses).toEqual([403, 201]);
  });

  it('names the setting of a port in use and stops what it had started', async () => {
    const { port } = new URL(stack.apiUrl);
    await expect(startTestStack({ port: Number(port) })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use; set PORT`,
    );
    await expect(startTestStack({ awsPort: Number(port) })).rejects.toThrow('set AWS_PORT');
  });

  it('serves nothing once closed', async () => {
    const other = await startTestStack();
    await other.close();
    for (const url of [other.apiUrl, other.awsUrl, other.dynamoUrl]) {
      await expect(rawFetch(url, 'GET', '/')).rejects.toThrow('ECONNREFUSED');
    }
  });

  it("renews functions' credentials as time goes by", async () => {
    await stack.fetch('alice', 'GET', '/v1/me');
    stack.clock.advance(3 * 86_400);
    expect((await stack.fetch('alice', 'GET', '/v1/me')).status).toBe(200);
  });

  it('survives the death of a function in the middle of a change', async () => {
    stack.faults.put({ operation: 'CreateVirtualMFADevice', delayMs: 600_000, times: 1 });
    const dying = createDevice();
    const called = () => stack.account.trail.events().map(({ operation }) => operation);
    await expect.poll(called, { timeout: 10_000 }).toContain('ListMFADevices');
    await stack.lambda.kill(localFunctionName('create-first-mfa-device'));
    expect((await dying).status).toBe(502);
    expect((await stack.fetch('alice', 'GET', '/v1/me')).status).toBe(200);
  });
});

describe('GET /_local/health', () => {
  it('is 200 when everything is up', async () => {
    expect(await control('GET', '/health')).toMatchObject({ status: 200 });
  });
});

describe('/_local/clock', () => {
  it('shows the time and moves it forward', async () => {
    await expectAhead(0, () => clockOf(control('GET', '/clock')));
    await expectAhead(90, () => clockOf(control('POST', '/clock', { advanceSeconds: 90 })));
    await expectAhead(90, () => clockOf(control('GET', '/clock')));
  });

  it('sets the time for functions', async () => {
    await control('POST', '/clock', { advanceSeconds: 86_400 });
    await expectAhead(86_400, async () => (await stack.fetch('alice', 'GET', '/v1/me')).json().serverTime);
  });

  it.each([
    [{}, 'advanceSeconds: Invalid input'],
    [{ advanceSeconds: '5' }, 'advanceSeconds: Invalid input'],
    [{ advanceSeconds: -1 }, 'advanceSeconds: Too small'],
    [{ advanceSeconds: 1e12 }, 'advanceSeconds: Too big'],
    [{ advanceSeconds: 1, more: 1 }, 'Unrecognized key'],
    [[], 'Invalid input'],
  ])('refuses %j', async (body, error) => {
    const answer = await control('POST', '/clock', body);
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.json().error).toContain(error);
    await expectAhead(0, () => clockOf(control('GET', '/clock')));
  });

  it('refuses invalid JSON', async () => {
    const answer = await rawFetch(stack.awsUrl, 'POST', '/_local/clock', {}, '{"advanceSeconds"');
    expect(answer.json()).toEqual({ error: 'The body must be JSON.' });
    expect(answer.status).toBe(400);
  });
});

describe('POST /_local/faults', () => {
  it('makes the next calls of an operation fail', async () => {
    await control('POST', '/faults', {
      operation: 'CreateVirtualMFADevice',
      error: 'ServiceFailure',
      times: 100,
    });
    expect((await createDevice()).status).toBe(502);
    await control('POST', '/faults', { operation: 'CreateVirtualMFADevice', times: 0 });
    expect((await createDevice()).status).toBe(201);
  });

  it.each(['InternalServerError', 'ValidationException', 'connection-reset', 'malformed'])(
    'works for the table too: %s',
    async (error) => {
      const seen = stack.account.trail.events().length;
      const body = { code1: '123456', code2: '654321' };
      await createDevice();
      await control('POST', '/faults', { operation: 'UpdateItem', error, times: 100 });
      const answer = await stack.fetch('alice', 'PUT', '/v1/me/first-mfa-device/phone/activation', body);
      expect(answer.status).toBe(502);
      const operations = stack.account.trail
        .events()
        .slice(seen)
        .map(({ operation }) => operation);
      expect(operations).not.toContain('EnableMFADevice');
    },
  );

  it.each([
    [{ operation: 'X' }, '"error", a "delayMs"'],
    [{ error: 'ServiceFailure' }, 'operation: Invalid input'],
    [{ operation: 'a b', delayMs: 1 }, 'operation: must be the name'],
    [{ operation: 'X', delayMs: -1 }, 'delayMs: Too small'],
    [{ operation: 'X', error: 'Y', times: 1.5 }, 'times: Invalid input'],
  ])('refuses %j', async (body, error) => {
    const answer = await control('POST', '/faults', body);
    expect(answer.status).toBe(400);
    expect(answer.json().error).toContain(error);
  });
});

describe('DELETE /_local/faults', () => {
  it('ends all faults', async () => {
    const fault = { error: 'ServiceFailure', times: 100 };
    await control('POST', '/faults', { operation: 'CreateVirtualMFADevice', ...fault });
    await control('POST', '/faults', { operation: 'UpdateItem', ...fault });
    expect((await control('DELETE', '/faults')).status).toBe(200);
    expect((await createDevice()).status).toBe(201);
  });
});

describe('GET /_local/state', () => {
  it('shows devices, policies and the table, but no keys or seeds', async () => {
    const created = (await createDevice()).json();
    const answer = await control('GET', '/state');
    const { users, devices, items } = answer.json();
    const bob = users.find(({ userName }: { userName: string }) => userName === 'bob');
    const alice = users.find(({ userName }: { userName: string }) => userName === 'alice');
    expect(bob.attachedPolicies).toEqual([expect.stringContaining('SelfService')]);
    expect(devices).toContainEqual(expect.objectContaining({ kind: 'virtual', activeFor: bob.userId }));
    expect(devices).toContainEqual({
      serialNumber: created.serialNumber,
      kind: 'virtual',
      tags: expect.arrayContaining([{ Key: 'mfa-self-service:owner', Value: alice.userId }]),
    });
    expect(items).toContainEqual(expect.objectContaining({ pk: { S: `user#${alice.userId}` } }));
    expect(answer.text).not.toContain(created.base32Seed);
    expect(answer.text).not.toContain('local-bob-secret');
  });
});

describe('POST /_local/settle', () => {
  it('waits for events that are on their way', async () => {
    await createDevice();
    expect((await control('POST', '/settle')).status).toBe(200);
    const { events } = (await control('GET', '/events')).json();
    expect(events).toContainEqual(expect.objectContaining({ 'detail-type': 'MFA Device Enrolment Started' }));
  });
});

describe('POST /_local/list-lag', () => {
  it('makes lists show changes late', async () => {
    expect((await control('POST', '/list-lag', { lagMs: 15_000 })).status).toBe(200);
    await createDevice();
    expect(await devicesOf('alice')).toEqual({ active: 0, pending: 0 });
    await control('POST', '/clock', { advanceSeconds: 16 });
    expect(await devicesOf('alice')).toEqual({ active: 0, pending: 1 });
  });

  it.each([{}, { lagMs: -1 }, { lagMs: 0.5 }])('refuses %j', async (body) => {
    expect((await control('POST', '/list-lag', body)).status).toBe(400);
  });
});

describe('POST /_local/reset', () => {
  it('restores the seeded state', async () => {
    await createDevice();
    await control('POST', '/clock', { advanceSeconds: 3600 });
    await control('POST', '/faults', { operation: 'ListMFADevices', error: 'ServiceFailure', times: 100 });
    expect((await control('POST', '/reset')).status).toBe(200);
    await expectAhead(0, () => clockOf(control('GET', '/clock')));
    expect(await devicesOf('alice')).toEqual({ active: 0, pending: 0 });
    expect(await devicesOf('bob')).toEqual({ active: 1, pending: 0 });
  });

  it('empties the table', async () => {
    const client = new DynamoDBClient({
      endpoint: stack.dynamoUrl,
      region: deployment.region,
      credentials: userKeys('admin'),
    });
    const item = { pk: { S: 'a' } };
    const { TableName } = stack.deployed.table;
    await client.send(new PutItemCommand({ TableName, Item: item }));
    await control('POST', '/reset');
    expect((await client.send(new GetItemCommand({ TableName, Key: item }))).Item).toBeUndefined();
    client.destroy();
  });
});

describe('the control', () => {
  it.each([
    ['Host', 'evil.example'],
    ['Host', '127.0.0.1.evil.example'],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
  ])('refuses web pages, recognised by %s: %s', async (name, value) => {
    const { port } = new URL(stack.awsUrl);
    const headers = { Host: `127.0.0.1:${port}`, [name]: value };
    expect((await control('POST', '/clock', { advanceSeconds: 5 }, headers)).status).toBe(403);
    await expectAhead(0, () => clockOf(control('GET', '/clock')));
  });

  it.each(['localhost', 'localhost:4566', '127.0.0.1'])('serves the host name %s', async (host) => {
    expect((await control('GET', '/clock', undefined, { Host: host })).status).toBe(200);
  });

  it('tells unknown paths and methods apart', async () => {
    expect((await control('GET', '/nothing')).status).toBe(404);
    expect((await control('DELETE', '/clock')).status).toBe(405);
  });

  it('refuses large bodies', async () => {
    expect((await control('POST', '/clock', { advanceSeconds: 'x'.repeat(20_000) })).status).toBe(413);
  });
});

describe('DATA_DIR', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mfa-self-service-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it('keeps devices, sessions and the clock across restarts', async () => {
    const first = await startTestStack({ dataDir });
    await first.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'kept' });
    first.clock.advance(7200);
    const session = userSession(first, 'bob', { mfaAt: first.clock.now() });
    await first.close();

    const second = await startTestStack({ dataDir });
    expect(second.clock.now() - Date.now()).toBeGreaterThan(7_000_000);
    expect((await second.fetch('alice', 'GET', '/v1/me')).json().mfa).toEqual({ active: 0, pending: 1 });
    expect((await second.fetch(session, 'POST', '/v1/mfa-devices', { name: 'new' })).status).toBe(201);
    await second.close();
  });

  it('has an acknowledged change before its answer', async () => {
    const kept = await startTestStack({ dataDir });
    await kept.fetch('carol', 'POST', '/v1/me/first-mfa-device', { name: 'at-once' });
    expect(await readFile(join(dataDir, 'account.json'), 'utf8')).toContain('carol/at-once');
    await kept.close();
  });

  it('has the clock before the control answers', async () => {
    const kept = await startTestStack({ dataDir });
    const advance = JSON.stringify({ advanceSeconds: 86_400 });
    await rawFetch(kept.awsUrl, 'POST', '/_local/clock', {}, advance);
    const { clockOffset } = JSON.parse(await readFile(join(dataDir, 'account.json'), 'utf8'));
    expect(clockOffset).toBeGreaterThanOrEqual(86_400_000);
    await kept.close();
  });

  it('that is in use by another stack is refused', async () => {
    const one = await startTestStack({ dataDir });
    await expect(startTestStack({ dataDir })).rejects.toThrow(
      `${dataDir} is in use by process ${process.pid}`,
    );
    await one.close();
  });

  it.each(['999999999', '', String(process.pid)])('is taken over from a dead process: %j', async (pid) => {
    await writeFile(join(dataDir, 'lock'), pid);
    const stack = await startTestStack({ dataDir });
    expect(await readFile(join(dataDir, 'lock'), 'utf8')).toBe(String(process.pid));
    await stack.close();
  });

  it.each(['{"version":1', '{"version":2}', '{"version":1,"clockOffset":0,"account":{}}'])(
    'with unknown contents is refused: %s',
    async (content) => {
      const folder = await mkdtemp(join(tmpdir(), 'mfa-self-service-'));
      await writeFile(join(folder, 'account.json'), content);
      await expect(startTestStack({ dataDir: folder })).rejects.toThrow(/account.json is not .* remove it$/);
      expect(await readFile(join(folder, 'account.json'), 'utf8')).toBe(content);
      await rm(folder, { recursive: true });
    },
  );

  it('is unlocked on close', async () => {
    await expect(stat(join(dataDir, 'lock'))).rejects.toThrow('ENOENT');
  });
});

describe('listen', () => {
  it('names no setting if there is none', async () => {
    const [one, other] = [createServer(), createServer()];
    const url = await listen(one, 0);
    await expect(listen(other, Number(new URL(url).port))).rejects.toThrow(/is in use$/);
    await close(one);
  });
});
