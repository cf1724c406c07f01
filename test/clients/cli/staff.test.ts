import { describe, expect, it } from 'vitest';
import {
  bobsSeed,
  codeNow,
  codesNow,
  createFurther,
  enableFurther,
  stepUp,
} from '../../support/e2e-flows.ts';
import { useCommand } from './command.ts';
import { useStaff } from './staff.ts';

const { api, home, as } = useCommand();

const useProfiles = () => useStaff({ api, home, as });

const requested = ['recovery', 'request', 'bob', '--ticket', 'servicenow:INC1', '--reason', 'lost'];

describe('a recovery', () => {
  it('is requested, objected to, shown and denied, each by the right person', async () => {
    const env = await useProfiles();
    const asked = await home.run([...requested, '--profile', 'ann', '--output', 'json'], env);
    const { id } = JSON.parse(asked.stdout);
    const status = await home.run(['status'], as('bob'));
    expect(status.stderr).toContain(`iam-mfa recovery object ${id}`);
    const objected = await home.run(['recovery', 'object', id, '--output', 'json'], as('bob'));
    expect(JSON.parse(objected.stdout)).toMatchObject({ state: 'objected' });
    const listed = await home.run(['recovery', 'list', '--state', 'objected', '--profile', 'pat'], env);
    expect(listed.stdout).toContain(id);
    const denied = await home.run(['recovery', 'deny', id, '--profile', 'pat'], env);
    expect(denied.stdout).toMatch(/State +denied/);
    const mine = await home.run(['recovery', 'list', '--mine', '--output', 'json'], as('bob'));
    expect(JSON.parse(mine.stdout)).toMatchObject({ items: [{ id, state: 'denied' }] });
  });

  it('is shown before it is approved, and leads to a pass and a new device', async () => {
    const env = await useProfiles();
    const evidence = ['--evidence', 'seen \u001b[2Kin person'];
    const asked = await home.run([...requested, ...evidence, '--profile', 'ann', '--output', 'json'], env);
    const { id } = JSON.parse(asked.stdout);
    const declined = await home.run(['recovery', 'approve', id, '--profile', 'pat'], env, 'n\n');
    expect(declined).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Nothing was changed') });
    expect(declined.stderr).toContain('seen \uFFFD[2Kin person');
    const approved = await home.run(['recovery', 'approve', id, '--yes', '--profile', 'pat'], env);
    expect(approved.stdout).toMatch(/Approved by +pat/);
    await api.stack.settled();
    const shown = await home.run(['recovery', 'show', id, '--profile', 'pat'], env);
    expect(shown.stdout).toMatch(/State +executed/);
    expect(shown.stdout).toMatch(/\nRemoved +phone\n$/);
    const passed = await home.run(['recovery', 'pass', id, '--profile', 'pat', '--quiet'], env);
    const pass = passed.stdout.trim();
    api.secrets.note('pass', pass);
    expect(await home.run(['add', 'new'], as('bob'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('"iam-mfa add NAME --pass"'),
    });
    for (const [args, input] of [
      [['--pass', pass], ''],
      [['--pass'], `${pass}\n`],
      [['--pass', '-'], `no pass\n${pass.toUpperCase().replaceAll('-', ' ')}\n`],
    ] as const) {
      const created = await home.run(['add', 'new', ...args], as('bob'), input);
      expect(created.stderr).toContain('Scan this');
    }
    const terminal = home.open(['add', 'new', '--seed'], as('bob'));
    await terminal.sees(/You need an enrolment pass to add a device\.\s+Enrolment pass: /);
    terminal.type('no pass');
    await terminal.sees(/six groups of four[\s\S]*Enrolment pass: /);
    terminal.type(pass);
    const [, groups = ''] = await terminal.sees(/\n {2}([A-Z2-7 ]{60,})\n/);
    const seed = groups.replaceAll(' ', '');
    api.secrets.note('seed', seed);
    const { code1, code2 } = codesNow(api, seed);
    await terminal.answer([
      [/Code from new \(changes/, () => code1],
      [/Next code from new/, () => code2],
    ]);
    expect(await terminal.finished).toMatchObject({ exitCode: 0 });
  });

  it('shows which devices it took that nobody had seen before', async () => {
    const env = await useProfiles();
    const asked = await home.run([...requested, '--profile', 'ann', '--output', 'json'], env);
    const { id } = JSON.parse(asked.stdout);
    const keys = stepUp(api, 'bob');
    await enableFurther(api, keys, await createFurther(api, keys, 'tablet'));
    await home.run(['recovery', 'approve', id, '--yes', '--profile', 'pat'], env);
    await api.stack.settled();

    const shown = await home.run(['recovery', 'show', id, '--profile', 'pat'], env);

    expect(shown.stdout).toMatch(/Removed +phone\nAlso removed +tablet \(enabled after the request\)\n$/);
  });

  it('cannot be approved by its requester', async () => {
    const env = await useProfiles();
    const asked = await home.run([...requested, '--profile', 'ann', '--output', 'json'], env);
    const args = ['recovery', 'approve', JSON.parse(asked.stdout).id, '--yes', '--profile', 'ann'];
    expect(await home.run(args, env)).toMatchObject({ exitCode: 1 });
    expect(api.activeDevices('bob')).toHaveLength(1);
  });

  it.each(['jira', ':1', 'jira:'])('cannot be requested with the ticket "%s"', async (ticket) => {
    const args = ['recovery', 'request', 'bob', '--reason', 'lost', '--ticket', ticket];
    expect(await home.run(args, as('bob'))).toMatchObject({ exitCode: 2 });
  });
});

describe('coverage', () => {
  it('is shown as a table, JSON and CSV', async () => {
    const env = await useProfiles();
    const table = await home.run(['coverage', '--mfa', 'some', '--profile', 'kim'], env);
    expect(table.stdout).toMatch(/^USER +MFA .*\n(bob|dora) +yes/);
    const json = await home.run(['coverage', '--output', 'json', '--profile', 'kim'], env);
    expect(JSON.parse(json.stdout).items).toContainEqual(
      expect.objectContaining({ userName: 'bob', mfaActive: true }),
    );
    const csv = await home.run(['coverage', '--csv', '--profile', 'kim'], env);
    expect(csv.stdout).toMatch(/^userName,[^\r]*\r\nabe,.*\r\n$/s);
  });

  it('is refused to anyone but auditors', async () => {
    const refused = await home.run(['coverage'], as('bob'), `${codeNow(api, bobsSeed)}\n`);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

it('says why a role cannot be assumed', async () => {
  const env = await useProfiles();
  await home.write(
    '.aws/credentials',
    '[ann-keys]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = x\n',
  );
  const { exitCode, stderr } = await home.run(['coverage', '--profile', 'ann'], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('You cannot assume arn:aws:iam::123456789012:role/mfa-agent');
});
