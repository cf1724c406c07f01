import { beforeEach, describe, expect, it } from 'vitest';
import { device, keys, me, problem, useFakeApi } from '../typescript/fake-api.ts';
import { useHome } from './command.ts';

const api = useFakeApi();
const home = useHome();

const env = () => ({
  IAM_MFA_API_URL: api.url,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
});

beforeEach(() => {
  const serverTime = new Date().toISOString();
  api.on('GET /v1/me', { body: { ...me, mfa: { active: 0, pending: 0 }, serverTime } });
  api.on('GET /v1/me/mfa-devices', { body: { items: [device('phone')] } });
  api.on('GET /v1/me/recoveries', { body: { items: [] } });
});

const recovery = (id: string) => ({ id, state: 'requested', requestedBy: 'ann', ticket: { id: 'INC1' } });

describe('status', () => {
  it('shows a device of an unknown kind', async () => {
    const newer = ['passkey', 'toString'].map((kind) => ({ ...device(`a-${kind}`), kind }));
    api.on('GET /v1/me/mfa-devices', { body: { items: newer } });
    const { exitCode, stdout } = await home.run(['status'], env());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/a-passkey +active +passkey\n.*active +toString/);
  });

  it('warns of every recovery, on all pages of the list', async () => {
    api.on('GET /v1/me/recoveries', { body: { items: [recovery('one')], next: 'n' } });
    api.on('GET /v1/me/recoveries?cursor=n', { body: { items: [recovery('two')] } });
    const { stderr } = await home.run(['status'], env());
    expect(stderr).toMatch(/recovery object one[\s\S]*recovery object two/);
  });
});

describe('a device that was added', () => {
  const activation = 'PUT /v1/me/first-mfa-device/phone/activation';
  const pending = '"phone" is not enabled yet. If';
  const open = '"phone" may or may not be enabled: check with "iam-mfa status".';

  it.each([
    ['is pending after a refusal', activation, problem('device-not-found'), pending],
    ['may be enabled when the connection breaks', activation, 'break', open],
    ['may be enabled when AWS did not answer in time', activation, problem('timeout'), open],
  ] as const)('%s', async (_, route, answer, hint) => {
    api.on('POST /v1/me/first-mfa-device', { status: 201, body: { base32Seed: 'ABCD' } });
    api.on(route, answer);
    const { stderr } = await home.run(['add', 'phone', '--seed'], env(), '123456\n654321\n');
    expect(stderr).toContain(hint);
    expect(stderr).toContain('continue with "iam-mfa enable phone"');
  });

  it('may be enabled after Ctrl-C once the codes were sent', async () => {
    api.on('POST /v1/me/first-mfa-device', { status: 201, body: { base32Seed: 'ABCD' } });
    api.on(activation, 'hang');
    const terminal = home.openProcess(['add', 'phone', '--seed'], env(), { columns: 500 });
    await terminal.answer([
      [/Code from phone \(/, () => '123456'],
      [/Next code from/, () => '654321'],
    ]);
    await expect.poll(() => api.to(activation)).toHaveLength(1);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject({ exitCode: 130, screen: expect.stringContaining(open) });
  });
});

it('a removal whose answer was lost has succeeded', async () => {
  const route = 'DELETE /v1/mfa-devices/phone';
  api.on(route, 'break', problem('device-not-found'));
  const finished = await home.run(['remove', 'phone', '--yes'], env());
  expect(finished).toMatchObject({ exitCode: 0, stdout: 'phone has been removed.\n' });
});

it('a credential_process may prompt on standard input', async () => {
  const print = `sh -c 'read id; printf "{\\"Version\\":1,\\"AccessKeyId\\":\\"%s\\",\\"SecretAccessKey\\":\\"s\\"}" $id'`;
  await home.write('.aws/config', `[default]\ncredential_process = ${print}\n`);
  const { exitCode } = await home.runProcess(['status'], { IAM_MFA_API_URL: api.url }, 'AKIATYPED\n');
  expect(exitCode).toBe(0);
  expect(api.requests[0]?.headers.authorization).toContain('AKIATYPED');
});
