import { beforeEach, describe, expect, it } from 'vitest';
import { assumeRole } from '../../../clients/cli/src/aws/assume-role.ts';
import { device, failureOf, keys, me, useFakeApi } from '../typescript/fake-api.ts';
import { useHome } from './command.ts';

const api = useFakeApi();
const elsewhere = useFakeApi();
const home = useHome();

/** Sets the title, fills the clipboard, clears the screen in 7 and 8 bits, and reverses text direction. */
const hostile = '\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u001b[2J\u009b2J\u202e';
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not appear
const steering = /\u001b\]|\u0007|\u001b\[2J|\u009b|\u202e/;

const env = () => ({
  IAM_MFA_API_URL: api.url,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
});

const user = {
  userName: hostile,
  mfaActive: true,
  virtualDevices: 1,
  passwordEnabled: true,
  activeAccessKeys: 1,
};
const recovery = {
  id: `x;${hostile}`,
  state: 'requested',
  requestedBy: hostile,
  ticket: { system: 's', id: hostile },
};

beforeEach(() => {
  const serverTime = new Date().toISOString();
  const text = (type: string) => ({ headers: { 'content-type': type }, body: `x${hostile}\r\n` });
  api.on('GET /v1/me', { body: { ...me, mfa: { active: 0, pending: 0 }, userName: hostile, serverTime } });
  api.on('GET /v1/me/mfa-devices', { body: { items: [device('phone', { name: hostile })] } });
  api.on('GET /v1/me/recoveries', { body: { items: [recovery] } });
  api.on('GET /v1/me/mfa-devices/phone/tags', {
    headers: { 'content-type': 'application/problem+json' },
    status: 400,
    body: { code: 'newer', detail: `x${hostile}` },
  });
  api.on('GET /v1/users', ({ headers }) =>
    headers.accept === 'text/csv' ? text('text/csv') : { body: { items: [user], reportAgeSeconds: 1 } },
  );
  api.on('POST /v1/me/first-mfa-device', ({ headers }) =>
    headers.accept === 'text/plain' ? text('text/plain') : { status: 201, body: { base32Seed: hostile } },
  );
});

describe('an API cannot control the terminal', () => {
  it.each([
    ['names', ['status']],
    ['JSON', ['status', '--output', 'json']],
    ['a problem', ['tags', 'phone']],
    ['a problem as JSON', ['tags', 'phone', '--output', 'json']],
    ['a table', ['coverage']],
    ['CSV', ['coverage', '--csv']],
    ['a seed', ['add', 'x', '--seed']],
    ['a QR code', ['add', 'x']],
    ['a question', ['remove', 'phone']],
  ])('by %s', async (_, args) => {
    const terminal = home.open(args, env());
    const question = { add: /Code from x/, remove: /Remove [\s\S]*\[y\/N\]/ }[args[0] ?? ''];
    if (question !== undefined) {
      await terminal.sees(question);
      terminal.pressCtrlC();
    }
    await terminal.finished;
    expect(terminal.raw).toMatch(/title|x|2J/);
    expect(terminal.raw).not.toMatch(steering);
  });

  it('but loses nothing in files and JSON', async () => {
    const csv = await home.run(['coverage', '--csv'], env());
    expect(csv.stdout).toBe(`x${hostile}\r\n`);
    const { stdout } = await home.run(['status', '--output', 'json'], env());
    expect(JSON.parse(stdout)).toMatchObject({ userName: hostile });
  });

  it('nor the shell that a command is pasted into', async () => {
    const { stderr } = await home.run(['status'], env());
    expect(stderr).toContain("iam-mfa recovery object 'x;");
  });
});

it('an STS endpoint cannot redirect the code and the token elsewhere', async () => {
  api.on('POST /', { status: 307, headers: { location: `${elsewhere.url}/` } });
  const role = {
    roleArn: 'r',
    setting: () => undefined,
    env: { AWS_ENDPOINT_URL: api.url },
    code: '123456',
    mfaSerial: 's',
  };
  const failure = await failureOf(assumeRole(role, { ...keys, sessionToken: 'token' }));
  expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('STS answered 307') });
  expect(elsewhere.requests).toEqual([]);
});
