import {
  type CreatedDevice,
  type EnabledDevice,
  type EnableFirstMfaDeviceInput,
  isProblem,
} from '../../typescript/src/index.ts';
import type { Account } from './account.ts';
import { codePair } from './codes.ts';
import { button, h } from './dom.ts';
import { form } from './form.ts';
import { textOf } from './language.ts';
import type { Shell } from './shell.ts';
import { say, type Words } from './words.ts';

/** A device being set up, and where to go afterwards. */
export interface Enrolment {
  readonly shell: Shell;
  readonly account: Account;
  /** Whether the user has no active device yet. */
  readonly first: boolean;
  /** Names already in use. */
  readonly taken: readonly string[];
  /** The device to remove once this one is active. */
  readonly replaces?: { readonly id: string; readonly name: string } | undefined;
  /** The name of a pending device that gets a new seed. */
  readonly name?: string | undefined;
  /** Initial label: that of the pending device or of the one being replaced. */
  readonly label?: string | undefined;
  /** Returns to the devices, announcing success. */
  readonly done: (news?: Words) => Promise<void>;
  readonly signInAgain: (why: Words) => void;
}

/** A device whose codes are to be entered; it has a seed only if just created. */
export type Unfinished = Pick<CreatedDevice, 'id' | 'name' | 'label'> &
  Partial<Pick<CreatedDevice, 'base32Seed' | 'qrCode' | 'otpauthUri'>>;

/** The second step: add the seed to an app and enter two codes. */
export function showCodes(
  enrolment: Enrolment,
  device: Unfinished,
  pass: { readonly pass?: string | undefined } = {},
): void {
  const { shell, account, done, signInAgain } = enrolment;
  const name = device.label ?? device.name;
  const codes = codePair(account.now);
  const element = form({
    content: [codes.element],
    fields: [codes],
    submit: say('enrol.activate'),
    cancel: () => void done(),
    run: async () => {
      const enabled = await account.change(() =>
        enable(enrolment, { deviceId: device.id, ...codes.value(), ...pass }),
      );
      await done(newsOf(enrolment, name, enabled));
    },
    failed: (error) => {
      if (isProblem(error, 'invalid-authentication-code')) codes.clear();
      return undefined;
    },
    signInAgain,
  });
  shell.show(
    say('enrol.setUp', { name }),
    h(
      'div',
      { class: 'steps' },
      device.qrCode !== undefined &&
        h('section', {}, h('h2', {}, say('enrol.scan')), ...seedOf(device, name)),
      h('section', {}, h('h2', {}, say('enrol.codes')), element),
    ),
  );
}

function enable(
  { account, first, replaces }: Enrolment,
  input: EnableFirstMfaDeviceInput,
): Promise<EnabledDevice> {
  const { client, options } = account;
  if (first) return client.enableFirstMfaDevice(input, options);
  const { deviceId, code1, code2 } = input;
  return client.enableMfaDevice({ deviceId, code1, code2, replaces: replaces?.id }, options);
}

function newsOf({ account, replaces }: Enrolment, name: string, enabled: EnabledDevice): Words {
  if (replaces !== undefined) return say('enrol.replaced', { name, old: replaces.name });
  return activeFrom(account, name, enabled);
}

/** Says that a device is active, and from when AWS accepts it. */
export function activeFrom({ now }: Account, name: string, { usableForSessionsFrom }: EnabledDevice): Words {
  const seconds = Math.max(1, Math.ceil((Date.parse(usableForSessionsFrom) - now()) / 1000));
  return say('enrol.done', { name, seconds });
}

/** The seed as a QR code, a link and text. */
function seedOf({ qrCode, otpauthUri, base32Seed = '' }: Unfinished, name: string): readonly HTMLElement[] {
  const seed = h('code', { class: 'seed' }, base32Seed.replaceAll(/(.{4})(?=.)/g, '$1 '));
  const copied = h('p', { role: 'status', class: 'hint' });
  const copy = async () => {
    const words = await navigator.clipboard.writeText(base32Seed).then(
      () => say('enrol.copied'),
      () => say('enrol.notCopied'),
    );
    copied.replaceChildren(textOf(words));
  };
  // Never a link that runs script, whatever the answer contains.
  const openable = otpauthUri?.startsWith('otpauth:');
  return [
    h('img', { class: 'qr', src: qrCode, alt: { words: say('enrol.qrAlt', { name }) } }),
    h(
      'details',
      {},
      h('summary', {}, say('enrol.manual')),
      h('p', { class: 'hint' }, say('enrol.manualHint')),
      h('p', {}, seed),
      h(
        'div',
        { class: 'actions' },
        button(say('enrol.copy'), () => void copy()),
        openable && h('a', { class: 'button', href: otpauthUri }, say('enrol.open')),
      ),
      copied,
    ),
  ];
}
