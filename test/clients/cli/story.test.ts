import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bobsSeed, codeNow, codesNow, nextCodeWindow, wrongCode } from '../../support/e2e-flows.ts';
import { type TerminalScreen, useCommand } from './command.ts';

const { api, home, as } = useCommand();

/** Types the two codes that a device shows. */
async function typeCodes(terminal: TerminalScreen, name: string, seed: string): Promise<void> {
  const { code1, code2 } = codesNow(api, seed);
  await terminal.sees(new RegExp(`Code of ${name} \\(changes in \\d+ s\\)`));
  terminal.type(code1);
  await terminal.sees(new RegExp(`Code of ${name} after that one \\((comes in \\d+ s|is there)\\)`));
  terminal.type(code2);
}

const seedOn = async (terminal: TerminalScreen): Promise<string> => {
  const [, groups = ''] = await terminal.sees(/\n {2}([A-Z2-7 ]{60,})\n/);
  const seed = groups.replaceAll(' ', '');
  api.secrets.note('seed', seed);
  return seed;
};

describe('a first device', () => {
  it('is added with the access key alone: code, two codes, enabled', async () => {
    const terminal = home.open(['add', 'phone', '--seed', '--label', 'My phone'], as('alice'));
    const seed = await seedOn(terminal);
    await typeCodes(terminal, 'phone', seed);
    const { exitCode, screen } = await terminal.finished;
    expect(screen).toMatch(/phone is enabled\. It can be used in \d+ seconds\./);
    expect(exitCode).toBe(0);
    const answer = await api.fetch('alice', 'GET', '/v1/me/mfa-devices/phone');
    expect(answer.json()).toMatchObject({ status: 'active', label: 'My phone' });
  });

  it('shows a QR code, and no seed', async () => {
    const terminal = home.open(['add', 'phone'], as('alice'));
    await terminal.sees(/Scan this/);
    await terminal.sees(/[█▀▄]{10}/);
    await terminal.sees(/Code of phone/);
    const [{ seed } = { seed: '' }] = api.stack.account.devices.all().filter(({ serialNumber }) => {
      return serialNumber.endsWith('alice/phone');
    });
    expect(seed).not.toBe('');
    terminal.pressCtrlC();
    expect((await terminal.finished).screen).not.toContain(seed);
  });

  it.each([
    ['--png', 'code.png', '\u0089PNG'],
    ['--svg', 'code.svg', '<svg'],
  ])('writes the QR code into a file of its owner with %s', async (option, name, begin) => {
    await mkdir(join(home.folder, 'codes'));
    const file = join(home.folder, 'codes', name);
    const { exitCode, stderr } = await home.run(['add', 'phone', option, file], as('alice'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('No answer to: Code of phone');
    expect((await readFile(file, 'latin1')).slice(0, begin.length)).toBe(begin);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await home.run(['add', 'phone', option, file], as('alice'))).toMatchObject({ exitCode: 2 });
  });

  it('is asked for other codes when they are not accepted, and for six digits', async () => {
    const terminal = home.open(['add', 'phone', '--seed'], as('alice'));
    const seed = await seedOn(terminal);
    await terminal.sees(/Code of phone \(/);
    terminal.type('12345');
    await terminal.sees(/A code is six digits/);
    await terminal.sees(/Code of phone \(/);
    terminal.type('000000');
    await terminal.sees(/after that one/);
    terminal.type('000000');
    await terminal.sees(/That was the same code/);
    await terminal.sees(/after that one/);
    terminal.type('000 001');
    await terminal.sees(/Type two fresh ones/);
    await typeCodes(terminal, 'phone', seed);
    expect((await terminal.finished).exitCode).toBe(0);
  });
});

describe('a further device', () => {
  it('takes a code of the one there is; a wrong one is asked for again', async () => {
    nextCodeWindow(api);
    const terminal = home.open(['add', 'tablet', '--seed'], as('bob'));
    await terminal.sees(/This needs MFA/);
    await terminal.sees(/Code of phone: /);
    terminal.type(wrongCode(api, bobsSeed));
    await terminal.sees(/Code of phone/);
    await terminal.sees(/Code of phone/);
    terminal.type(codeNow(api, bobsSeed));
    await typeCodes(terminal, 'tablet', await seedOn(terminal));
    expect((await terminal.finished).exitCode).toBe(0);
    expect(api.activeDevices('bob')).toHaveLength(2);
  });

  it('takes the place of another one', async () => {
    const terminal = home.open(['replace', 'phone', 'new-phone', '--seed'], as('bob'));
    await terminal.sees(/Code of phone: /);
    terminal.type(codeNow(api, bobsSeed));
    await typeCodes(terminal, 'new-phone', await seedOn(terminal));
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
    expect(api.activeDevices('bob')).toEqual([expect.stringMatching(/bob\/new-phone$/)]);
  });

  it('that is active already has the old one removed after a question', async () => {
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
  it('tags and untags with one code, since the session is kept', async () => {
    const tagged = await home.run(['tag', 'phone', 'a=1', 'b=x=y'], as('bob'), `${codeNow(api, bobsSeed)}\n`);
    expect(tagged.stdout).toBe('KEY  VALUE\na    1\nb    x=y\n');
    expect((await home.run(['untag', 'phone', 'a', '--output', 'json'], as('bob'))).stdout).toBe(
      `${JSON.stringify({ tags: { b: 'x=y' } }, undefined, 2)}\n`,
    );
    expect((await home.run(['tags', 'phone'], as('bob'))).stdout).toContain('x=y');
  });

  it('resynchronises the only device without MFA', async () => {
    const { code1, code2 } = codesNow(api, bobsSeed);
    expect(await home.run(['resync'], as('bob'), `${code1}\n${code2}\n`)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('phone is resynchronised'),
    });
    expect(api.called()).not.toContain('GetSessionToken');
  });

  it('removes no last device, and says what to do', async () => {
    const { exitCode, stderr } = await home.run(
      ['remove', 'phone', '-y'],
      as('bob'),
      `${codeNow(api, bobsSeed)}\n`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('iam-mfa replace OLD NEW');
    expect(api.activeDevices('bob')).toHaveLength(1);
  });

  it('enables a hardware token', async () => {
    const { code1, code2 } = codesNow(api, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const input = `${codeNow(api, bobsSeed)}\n`;
    const args = ['enable', 'GAHT00000001', code1, code2, '--hardware'];
    expect(await home.run(args, as('bob'), input)).toMatchObject({ exitCode: 0 });
    expect(api.activeDevices('bob')).toContain('GAHT00000001');
  });
});
