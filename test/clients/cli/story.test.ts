import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  accountArn,
  bobsSeed,
  codeNow,
  codesNow,
  createFurther,
  enableFurther,
  nextCodeWindow,
  stepUp,
  wrongCode,
} from '../../support/e2e-flows.ts';
import { useCommand } from './command.ts';
import { readBlocks } from './qr-blocks.ts';
import type { TerminalScreen } from './terminal-screen.ts';

const { api, home, as } = useCommand();

/** Types a device's two codes. */
async function typeCodes(terminal: TerminalScreen, name: string, seed: string): Promise<void> {
  const { code1, code2 } = codesNow(api, seed);
  await terminal.sees(new RegExp(`Code from ${name} \\(changes in \\d+ s\\)`));
  terminal.type(code1);
  await terminal.sees(new RegExp(`Next code from ${name} \\((in \\d+ s|now)\\)`));
  terminal.type(code2);
}

const seedOn = async (terminal: TerminalScreen): Promise<string> => {
  const [, groups = ''] = await terminal.sees(/\n {2}([A-Z2-7 ]{60,})\n/);
  const seed = groups.replaceAll(' ', '');
  api.secrets.note('seed', seed);
  return seed;
};

describe('a first device', () => {
  it('is added with the access key alone: key, two codes, enabled', async () => {
    const terminal = home.openProcess(['add', 'phone', '--seed', '--label', 'My phone'], as('alice'));
    const seed = await seedOn(terminal);
    await typeCodes(terminal, 'phone', seed);
    const { exitCode, screen } = await terminal.finished;
    expect(screen).toMatch(/phone is enabled\. You can use it in \d+ seconds\./);
    expect(exitCode).toBe(0);
    const answer = await api.fetch('alice', 'GET', '/v1/me/mfa-devices/phone');
    expect(answer.json()).toMatchObject({ status: 'active', label: 'My phone' });
  });

  const seedOfPhone = () => api.stack.account.devices.get(`${accountArn}:mfa/self-service/alice/phone`).seed;

  it('shows a QR code that an app can read, and no seed', async () => {
    const terminal = home.openProcess(['add', 'phone'], as('alice'));
    await terminal.sees(/Scan this/);
    await terminal.sees(/Code from phone/);
    terminal.pressCtrlC();
    const { screen } = await terminal.finished;
    const seed = seedOfPhone();
    expect(seed).toMatch(/^[A-Z2-7]{32,}$/);
    expect(screen).not.toContain(seed);
    const [, ...coloured] = terminal.raw.split('\u001b[30;107m');
    const blocks = coloured.map((text) => text.slice(0, text.indexOf('\u001b[0m')));
    expect(readBlocks(blocks)).toContain(`secret=${seed}`);
  });

  it('shows no QR code that would wrap in a narrow terminal', async () => {
    const terminal = home.openProcess(['add', 'phone'], as('alice'), { columns: 40 });
    const { exitCode, screen } = await terminal.finished;
    expect(exitCode).toBe(2);
    expect(screen.replaceAll('\n', ' ')).toContain('the terminal has only 40. Widen it, or use --png FILE');
    expect(screen).not.toContain('█');
  });

  it.each([
    ['with NO_COLOR', { NO_COLOR: '1' }],
    ['in a terminal without colours', { TERM: 'dumb' }],
  ])('shows the QR code without colours %s', async (_, env) => {
    const terminal = home.open(['add', 'phone'], { ...as('alice'), ...env });
    await terminal.sees(/[█▀▄]{10}/);
    await terminal.sees(/Code from phone/);
    terminal.pressCtrlC();
    await terminal.finished;
    expect(terminal.raw).not.toContain('\u001b[30;107m');
    expect(terminal.raw).not.toContain('\uFFFD');
  });

  it('is not created if its QR code cannot be written', async () => {
    const file = await home.write('code.png', 'of another device');
    expect(await home.run(['add', 'phone', '--png', file], as('alice'))).toMatchObject({ exitCode: 2 });
    expect(await home.run(['add', 'phone', '--svg', '/nowhere/x'], as('alice'))).toMatchObject({
      exitCode: 2,
    });
    expect(await readFile(file, 'utf8')).toBe('of another device');
    expect(api.called()).not.toContain('CreateVirtualMFADevice');
    const refused = join(home.folder, 'refused.png');
    await home.run(['add', 'phone', '--label', '!', '--png', refused], as('alice'));
    await expect(stat(refused)).rejects.toThrow('ENOENT');
  });

  it('can have a name like an option, which the hint for continuing allows for', async () => {
    const { exitCode, stderr } = await home.run(['add', '--seed', '--', '--x'], as('alice'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('"iam-mfa enable -- --x"');
  });

  it.each([
    ['--png', 'code.png', '\u0089PNG'],
    ['--svg', 'code.svg', '<svg'],
  ])('writes the QR code to a private file with %s', async (option, name, begin) => {
    await mkdir(join(home.folder, 'codes'));
    const file = join(home.folder, 'codes', name);
    const { exitCode, stderr } = await home.run(['add', 'phone', option, file], as('alice'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('No answer to "Code from phone');
    expect((await readFile(file, 'latin1')).slice(0, begin.length)).toBe(begin);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await home.run(['add', 'phone', option, file], as('alice'))).toMatchObject({ exitCode: 2 });
  });

  it('asks for new codes if they are not accepted, and for six digits', async () => {
    const terminal = home.open(['add', 'phone', '--seed'], as('alice'));
    const seed = await seedOn(terminal);
    await terminal.sees(/Code from phone \(/);
    terminal.type('12345');
    await terminal.sees(/A code has six digits/);
    await terminal.sees(/Code from phone \(/);
    terminal.type('000000');
    await terminal.sees(/Next code from/);
    terminal.type('000000');
    await terminal.sees(/That is the same code/);
    await terminal.sees(/Next code from/);
    terminal.type('000 001');
    await terminal.sees(/Enter two new ones/);
    await typeCodes(terminal, 'phone', seed);
    expect((await terminal.finished).exitCode).toBe(0);
  });
});

describe('a further device', () => {
  it('takes a code from the existing one, and asks again after a wrong one', async () => {
    nextCodeWindow(api);
    const terminal = home.open(['add', 'tablet', '--seed'], as('bob'));
    await terminal.sees(/This needs MFA/);
    await terminal.sees(/Code from phone: /);
    terminal.type(wrongCode(api, bobsSeed));
    await terminal.sees(/Code from phone/);
    await terminal.sees(/Code from phone/);
    terminal.type(codeNow(api, bobsSeed));
    await typeCodes(terminal, 'tablet', await seedOn(terminal));
    const { exitCode, screen } = await terminal.finished;
    expect(exitCode).toBe(0);
    expect(screen).not.toContain('/v1/');
    expect(api.activeDevices('bob')).toHaveLength(2);
  });

  it('takes a code from any of several, chosen by number or name', async () => {
    const who = stepUp(api, 'bob');
    const tablet = await createFurther(api, who, 'tablet');
    await enableFurther(api, who, tablet);
    api.stack.clock.advance(60);
    const terminal = home.open(['tag', 'phone', 'a=1'], as('bob'));
    await terminal.sees(/1 {2}(phone|tablet)\s+2 {2}(phone|tablet)\s/);
    for (const none of ['', '0', '3', 'laptop']) {
      await terminal.sees(/Which device do you want to use \(1-2 or its name\)\? /);
      terminal.type(none);
      await terminal.sees(new RegExp(`"${none}" is not one of these devices`));
    }
    await terminal.sees(/Which device/);
    terminal.type('tablet');
    await terminal.sees(/Code from tablet: /);
    terminal.type(wrongCode(api, tablet.seed));
    await terminal.sees(/Code from tablet/);
    await terminal.sees(/Code from tablet/);
    terminal.type(codeNow(api, tablet.seed));
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
  });

  it('replaces another one', async () => {
    const terminal = home.openProcess(['replace', 'phone', 'new-phone', '--seed'], as('bob'));
    await terminal.sees(/Code from phone: /);
    terminal.type(codeNow(api, bobsSeed));
    await typeCodes(terminal, 'new-phone', await seedOn(terminal));
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
    expect(api.activeDevices('bob')).toEqual([expect.stringMatching(/bob\/new-phone$/)]);
  });

  it('that is already active replaces the old one after confirmation', async () => {
    const input = `${codeNow(api, bobsSeed)}\n`;
    const added = await home.run(['add', 'tablet', '--seed'], as('bob'), input);
    const [, groups = ''] = /\n {2}([A-Z2-7 ]{60,})\n/.exec(added.stderr) ?? [];
    const seed = groups.replaceAll(' ', '');
    api.secrets.note('seed', seed);
    const { code1, code2 } = codesNow(api, seed);
    const enabled = await home.run(['enable', 'tablet', code1, code2, '--output', 'json'], as('bob'));
    expect(JSON.parse(enabled.stdout)).toMatchObject({ id: 'tablet', status: 'active' });
    expect(await home.run(['replace', 'phone', 'tablet'], as('bob'), 'n\n')).toMatchObject({ exitCode: 1 });
    expect(api.activeDevices('bob')).toHaveLength(2);
    expect(await home.run(['replace', 'phone', 'tablet'], as('bob'), 'y\n')).toMatchObject({ exitCode: 0 });
    expect(api.activeDevices('bob')).toEqual([expect.stringMatching(/bob\/tablet$/)]);
  });
});

describe('upkeep', () => {
  it('tags and untags with a single code, since the session is kept', async () => {
    const tagged = await home.run(
      ['tag', 'phone', 'a=1', 'b=x=y', '__proto__=z'],
      as('bob'),
      `${codeNow(api, bobsSeed)}\n`,
    );
    expect(tagged.stdout).toBe('KEY        VALUE\na          1\nb          x=y\n__proto__  z\n');
    expect((await home.run(['untag', 'phone', 'a', '__proto__', '--output', 'json'], as('bob'))).stdout).toBe(
      `${JSON.stringify({ tags: { b: 'x=y' } }, undefined, 2)}\n`,
    );
    expect((await home.run(['tags', 'phone'], as('bob'))).stdout).toContain('x=y');
  });

  it('resynchronises the only device without MFA', async () => {
    const { code1, code2 } = codesNow(api, bobsSeed);
    expect(await home.runProcess(['resync'], as('bob'), `${code1}\n${code2}\n`)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/phone has been resynchronised.+only from \d{4}-\d\d-\d\d \d\d:\d\d on/s),
    });
    expect(api.called()).not.toContain('GetSessionToken');
    api.stack.clock.advance(60);
    const { exitCode, stderr } = await home.run(
      ['remove', 'phone', '-y'],
      as('bob'),
      `${codeNow(api, bobsSeed)}\n`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no device can be added, replaced or removed.+help desk.+Try again in 23 hours/s);
  });

  it('never removes the last device, and says what to do', async () => {
    const { exitCode, stderr } = await home.run(
      ['remove', 'phone', '-y'],
      as('bob'),
      `${codeNow(api, bobsSeed)}\n`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('iam-mfa replace OLD NEW');
    expect(api.activeDevices('bob')).toHaveLength(1);
  });

  it('does not enable an active device again', async () => {
    const { exitCode, stdout } = await home.run(['enable', 'phone'], as('bob'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'phone is already active.\n' });
    expect(api.called()).not.toContain('EnableMFADevice');
  });

  it('enables a hardware token', async () => {
    const { code1, code2 } = codesNow(api, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const input = `${codeNow(api, bobsSeed)}\n`;
    const args = ['enable', 'GAHT00000001', code1, code2, '--hardware'];
    expect(await home.run(args, as('bob'), input)).toMatchObject({ exitCode: 0 });
    expect(api.activeDevices('bob')).toContain('GAHT00000001');
  });
});
