import { describe, expect, it } from 'vitest';
import { bobsSeed, codeNow, codesNow } from '../../support/e2e-flows.ts';
import { useCommand } from './command.ts';

const { api, home, as } = useCommand();

const interrupted = { exitCode: 130, screen: expect.stringContaining('Interrupted.') };

const devicesOf = async (who: string) =>
  (await api.fetch(who, 'GET', '/v1/me/mfa-devices'))
    .json()
    .items.map(({ id, status }: Record<string, string>) => {
      return `${id} ${status}`;
    });

/** The seed of a device, as its owner's authenticator app has it. */
const seedOf = (name: string): string => {
  const device = api.stack.account.devices
    .all()
    .find(({ serialNumber }) => serialNumber.endsWith(`/${name}`));
  if (device?.seed === undefined) throw new Error(`no seed of ${name}`);
  return device.seed;
};

describe('Ctrl-C', () => {
  it.each([
    ['first code', 0],
    ['second code', 1],
  ])('at the %s of a new device leaves it pending, and the next run begins anew', async (_, typed) => {
    const terminal = home.open(['add', 'phone'], as('alice'));
    await terminal.sees(/Code of phone \(/);
    if (typed > 0) {
      terminal.type('123456');
      await terminal.sees(/after that one/);
    }
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    expect(terminal.screen).toContain('iam-mfa enable phone');
    expect(await devicesOf('alice')).toEqual(['phone pending']);

    const before = seedOf('alice/phone');
    const again = home.open(['add', 'phone'], as('alice'));
    await again.sees(/Code of phone \(/);
    expect(seedOf('alice/phone')).not.toBe(before);
    const { code1, code2 } = codesNow(api, seedOf('alice/phone'));
    again.type(code1);
    await again.sees(/after that one/);
    again.type(code2);
    expect(await again.finished).toMatchObject({ exitCode: 0 });
    expect(await devicesOf('alice')).toEqual(['phone active']);
  });

  it('leaves a device that "enable" goes on with', async () => {
    const terminal = home.open(['add', 'phone'], as('alice'));
    await terminal.sees(/Code of phone \(/);
    terminal.pressCtrlC();
    await terminal.finished;
    const { code1, code2 } = codesNow(api, seedOf('alice/phone'));
    expect(await home.run(['enable'], as('alice'), `${code1}\n${code2}\n`)).toMatchObject({ exitCode: 0 });
    expect(await devicesOf('alice')).toEqual(['phone active']);
  });

  it('during a replacement keeps the old device until "enable" goes on', async () => {
    const terminal = home.open(['replace', 'phone', 'new'], as('bob'));
    await terminal.sees(/Code of phone: /);
    terminal.type(codeNow(api, bobsSeed));
    await terminal.sees(/Code of new \(/);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    expect(terminal.screen.replaceAll('\n', ' ')).toContain('iam-mfa enable new --replaces phone');
    expect((await devicesOf('bob')).sort()).toEqual(['new pending', 'phone active']);

    const { code1, code2 } = codesNow(api, seedOf('bob/new'));
    const goesOn = await home.run(['enable', 'new', code1, code2, '--replaces', 'phone'], as('bob'));
    expect(goesOn).toMatchObject({ exitCode: 0 });
    expect(await devicesOf('bob')).toEqual(['new active']);
  });

  it.each([
    ['add', ['add', 'tablet']],
    ['replace', ['replace', 'phone', 'tablet']],
    ['tag', ['tag', 'phone', 'a=1']],
    ['session', ['session']],
  ])('at the code of a step-up leaves everything as it was: %s', async (_, args) => {
    const before = api.devices();
    const terminal = home.open(args, as('bob'));
    await terminal.sees(/Code of phone: /);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    expect(api.devices()).toBe(before);
    expect(api.called()).not.toContain('GetSessionToken');
  });

  it.each([
    ['the question before a removal', ['remove', 'phone'], /Remove phone \(active\)\? \[y\/N\]/],
    ['the codes of a resynchronisation', ['resync'], /Code of phone \(/],
  ])('at %s changes nothing', async (_, args, question) => {
    const before = api.devices();
    const terminal = home.open(args, as('bob'));
    await terminal.sees(question);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    expect(api.devices()).toBe(before);
  });

  it('ends the wait for an answer of the API', async () => {
    api.stack.faults.put({ operation: 'ListMFADevices', delayMs: 20_000, times: 10 });
    const terminal = home.open(['status'], as('bob'));
    await terminal.sees(/Asking the API … \d+ s/);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    api.stack.faults.clear();
  });
});

it('takes the end of the input for no answer', async () => {
  const terminal = home.open(['remove', 'phone'], as('bob'));
  await terminal.sees(/\[y\/N\]/);
  terminal.pressCtrlD();
  expect(await terminal.finished).toMatchObject({
    exitCode: 1,
    screen: expect.stringContaining('No answer'),
  });
});
