import { describe, expect, it } from 'vitest';
import {
  accountArn,
  bobsSeed,
  codeNow,
  codesNow,
  createFurther,
  enableFurther,
  stepUp,
} from '../../support/e2e-flows.ts';
import { useCommand } from './command.ts';
import { useStaff } from './staff.ts';
import type { Prompt } from './terminal-screen.ts';

const { api, home, as } = useCommand();

const interrupted = { exitCode: 130, screen: expect.stringContaining('Interrupted.') };

const devicesOf = async (who: string): Promise<readonly string[]> =>
  (await api.fetch(who, 'GET', '/v1/me/mfa-devices'))
    .json()
    .items.map(({ id, status }: Record<string, string>) => `${id} ${status}`)
    .sort();

/** A device's seed, as in its owner's authenticator app. */
const seedOf = (name: string): string => {
  const device = api.stack.account.devices
    .all()
    .find(({ serialNumber }) => serialNumber.endsWith(`/${name}`));
  if (device?.seed === undefined) throw new Error(`no seed of ${name}`);
  return device.seed;
};

const tokenSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const twoCodes = (device: string, seed: () => string): readonly Prompt[] => [
  [new RegExp(`Code from ${device} \\(changes`), () => codesNow(api, seed()).code1],
  [new RegExp(`Next code from ${device}`), () => codesNow(api, seed()).code2],
];
const codeOfPhone: Prompt = [/Code from phone: /, () => codeNow(api, bobsSeed)];
const codeOfTablet: readonly Prompt[] = [
  [/Which device do you want to use \(1-2/, () => '2'],
  [/Code from tablet: /, () => codeNow(api, seedOf('bob/tablet'))],
];

const pendingTablet = () => createFurther(api, stepUp(api, 'bob'), 'tablet');
async function activeTablet(): Promise<void> {
  const who = stepUp(api, 'bob');
  await enableFurther(api, who, await createFurther(api, who, 'tablet'));
  api.stack.clock.advance(60);
}

/** A command with all its prompts. */
interface Story {
  /** Runs in separate processes. Together these stories have every kind of prompt. */
  readonly inProcesses?: boolean;
  readonly args: readonly string[];
  readonly who?: string;
  readonly before?: () => Promise<unknown>;
  readonly prompts: readonly Prompt[];
  /** The user's devices at the end. */
  readonly devices: readonly string[];
}

const stories: readonly Story[] = [
  {
    inProcesses: true,
    who: 'alice',
    args: ['add', 'phone'],
    prompts: twoCodes('phone', () => seedOf('alice/phone')),
    devices: ['phone active'],
  },
  {
    args: ['add', 'tablet'],
    prompts: [codeOfPhone, ...twoCodes('tablet', () => seedOf('bob/tablet'))],
    devices: ['phone active', 'tablet active'],
  },
  {
    args: ['enable'],
    before: pendingTablet,
    prompts: [...twoCodes('tablet', () => seedOf('bob/tablet')), codeOfPhone],
    devices: ['phone active', 'tablet active'],
  },
  {
    args: ['enable', 'GAHT00000001', '--hardware'],
    prompts: [...twoCodes('GAHT00000001', () => tokenSeed), codeOfPhone],
    devices: ['phone active', expect.stringMatching(/^~.* active$/)],
  },
  {
    args: ['replace', 'phone', 'new'],
    prompts: [codeOfPhone, ...twoCodes('new', () => seedOf('bob/new'))],
    devices: ['new active'],
  },
  {
    args: ['replace', 'phone', 'tablet'],
    before: activeTablet,
    prompts: [[/tablet is already active\. Remove phone\? \[y\/N\]/, () => 'y'], ...codeOfTablet],
    devices: ['tablet active'],
  },
  {
    args: ['resync'],
    prompts: twoCodes('phone', () => bobsSeed),
    devices: ['phone active'],
  },
  {
    args: ['resync', 'phone'],
    before: activeTablet,
    prompts: [...twoCodes('phone', () => bobsSeed), ...codeOfTablet],
    devices: ['phone active', 'tablet active'],
  },
  {
    inProcesses: true,
    args: ['remove', 'phone'],
    before: activeTablet,
    prompts: [[/Remove phone \(active\)\? \[y\/N\]/, () => 'yes'], ...codeOfTablet],
    devices: ['tablet active'],
  },
  {
    args: ['tag', 'phone', 'a=1'],
    before: activeTablet,
    prompts: codeOfTablet,
    devices: ['phone active', 'tablet active'],
  },
  { args: ['untag', 'phone', 'a'], prompts: [codeOfPhone], devices: ['phone active'] },
  {
    args: ['session'],
    before: activeTablet,
    prompts: codeOfTablet,
    devices: ['phone active', 'tablet active'],
  },
];

describe('the next run continues after Ctrl-C at any prompt', () => {
  it.each(stories.map((story) => [story.args.join(' '), story] as const))(
    '%s',
    async (_, { inProcesses = false, args, who = 'bob', before, prompts, devices }) => {
      const open = () => (inProcesses ? home.openProcess(args, as(who)) : home.open(args, as(who)));
      await before?.();
      const active = api.activeDevices(who);
      for (const stop of prompts.keys()) {
        const terminal = open();
        await terminal.answer(prompts, stop);
        terminal.pressCtrlC();
        expect(await terminal.finished).toMatchObject(interrupted);
        expect(api.activeDevices(who)).toEqual(active);
        api.stack.clock.advance(30);
      }
      const last = open();
      await last.answer(prompts);
      expect(await last.finished).toMatchObject({ exitCode: 0 });
      expect(await devicesOf(who)).toEqual(devices);
    },
    90_000,
  );

  it('recovery approve, in a role that requires MFA', async () => {
    const { devices, users } = api.stack.account;
    const { seed, serialNumber } = devices.createVirtual(`${accountArn}:mfa/pat`, []);
    devices.establish({ ...devices.get(serialNumber), seed }, users.get('pat'), 0);
    const env = await useStaff({ api, home, as }, `mfa_serial = ${serialNumber}`);
    const request = ['recovery', 'request', 'bob', '--ticket', 'servicenow:INC1', '--reason', 'lost'];
    const asked = await home.run([...request, '--profile', 'ann', '--output', 'json'], env);
    const { id } = JSON.parse(asked.stdout);
    const prompts: readonly Prompt[] = [
      [/Code from arn:aws:iam::123456789012:mfa\/pat: /, () => codeNow(api, seed)],
      [/Remove the devices of bob\? \[y\/N\]/, () => 'y'],
    ];
    const state = async () =>
      (await api.fetch('bob', 'GET', '/v1/me/recoveries'))
        .json()
        .items.map((item: { state: string }) => item.state);
    for (const stop of prompts.keys()) {
      const terminal = home.openProcess(['recovery', 'approve', id, '--profile', 'pat'], env);
      await terminal.answer(prompts, stop);
      terminal.pressCtrlC();
      expect(await terminal.finished).toMatchObject(interrupted);
      expect(await state()).toEqual(['requested']);
      api.stack.clock.advance(30);
    }
    const last = home.openProcess(['recovery', 'approve', id, '--profile', 'pat'], env);
    await last.answer(prompts);
    expect(await last.finished).toMatchObject({
      exitCode: 0,
      screen: expect.stringMatching(/Approved by +pat/),
    });
    await api.stack.settled();
    expect(await devicesOf('bob')).toEqual([]);
  }, 90_000);
});

describe('Ctrl-C', () => {
  it('leaves a device that "enable" can finish, and says so', async () => {
    const terminal = home.openProcess(['add', 'phone'], as('alice'));
    await terminal.sees(/Code from phone \(/);
    terminal.pressCtrlC();
    expect((await terminal.finished).screen.replaceAll('\n', ' ')).toContain('"iam-mfa enable phone"');
    expect(await devicesOf('alice')).toEqual(['phone pending']);
    const { code1, code2 } = codesNow(api, seedOf('alice/phone'));
    expect(await home.run(['enable'], as('alice'), `${code1}\n${code2}\n`)).toMatchObject({ exitCode: 0 });
    expect(await devicesOf('alice')).toEqual(['phone active']);
  });

  it('during a replacement keeps the old device until "enable" finishes', async () => {
    const terminal = home.openProcess(['replace', 'phone', 'new'], as('bob'));
    await terminal.answer([codeOfPhone]);
    await terminal.sees(/Code from new \(/);
    terminal.pressCtrlC();
    expect((await terminal.finished).screen.replaceAll('\n', ' ')).toContain(
      '"iam-mfa enable --replaces=phone new"',
    );
    expect(await devicesOf('bob')).toEqual(['new pending', 'phone active']);
    const { code1, code2 } = codesNow(api, seedOf('bob/new'));
    const goesOn = await home.run(['enable', 'new', code1, code2, '--replaces', 'phone'], as('bob'));
    expect(goesOn).toMatchObject({ exitCode: 0 });
    expect(await devicesOf('bob')).toEqual(['new active']);
  });

  it('at a step-up code changes nothing', async () => {
    const before = api.devices();
    const terminal = home.openProcess(['add', 'tablet'], as('bob'));
    await terminal.sees(codeOfPhone[0]);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    expect(api.devices()).toBe(before);
    expect(api.called()).not.toContain('GetSessionToken');
  });

  it('stops waiting for the API', async () => {
    api.stack.faults.put({ operation: 'ListMFADevices', delayMs: 20_000, times: 10 });
    const terminal = home.openProcess(['status'], as('bob'));
    await terminal.sees(/Waiting for the API … \d+ s/);
    terminal.pressCtrlC();
    expect(await terminal.finished).toMatchObject(interrupted);
    api.stack.faults.clear();
  });
});

it('treats the end of input as no answer', async () => {
  const terminal = home.openProcess(['remove', 'phone'], as('bob'));
  await terminal.sees(/\[y\/N\]/);
  terminal.pressCtrlD();
  expect(await terminal.finished).toMatchObject({
    exitCode: 1,
    screen: expect.stringContaining('No answer'),
  });
});

it('tests name the program they need for pseudo-terminals', () => {
  expect(() => home.openProcess(['status'], { PATH: home.folder })).toThrow(
    /On Debian install the package bsdutils/,
  );
});
