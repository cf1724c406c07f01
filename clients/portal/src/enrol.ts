import {
  type CreatedDevice,
  type CreateFirstMfaDeviceInput,
  type EnabledDevice,
  type EnableFirstMfaDeviceInput,
  isProblem,
} from '../../typescript/src/index.ts';
import type { Account } from './account.ts';
import { codePair } from './codes.ts';
import { button, h } from './dom.ts';
import { field } from './field.ts';
import { form } from './form.ts';
import { say, textOf, type Words } from './language.ts';
import type { Shell } from './shell.ts';

/** What is set up, and where to go afterwards. */
export interface Enrolment {
  readonly shell: Shell;
  readonly account: Account;
  /** Whether the user has no active device yet. */
  readonly first: boolean;
  /** Names that are taken. */
  readonly taken: readonly string[];
  /** The device that goes when this one is active. */
  readonly replaces?: { readonly id: string; readonly name: string } | undefined;
  /** Of a pending device, which gets a fresh seed. */
  readonly name?: string | undefined;
  /** Back to the devices; with what went well. */
  readonly done: (news?: Words) => Promise<void>;
  readonly signInAgain: (why: Words) => void;
}

const deviceName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

/** The first step: name the device. */
export function showEnrolment(enrolment: Enrolment): void {
  const { shell, account, first, replaces, done, signInAgain } = enrolment;
  const name = field({
    label: say(replaces ? 'enrol.newName' : 'enrol.name'),
    hint: say('enrol.nameHint'),
    attributes: { value: enrolment.name ?? freeName(enrolment.taken), autocomplete: 'off' },
    check: (value) => (deviceName.test(value) ? undefined : say('enrol.malformedName')),
  });
  const pass = field({
    label: say('enrol.pass'),
    hint: say('enrol.passHint'),
    attributes: { autocomplete: 'off', class: 'key' },
    check: (value) => (pass.element.hidden || value !== '' ? undefined : say('enrol.noPass')),
  });
  pass.element.hidden = true;
  const element = form({
    content: [name.element, pass.element],
    fields: [name, pass],
    submit: say('enrol.showQr'),
    // Who has no device has nothing to go back to.
    ...((!first || enrolment.taken.length > 0) && { cancel: () => void done() }),
    run: async () => {
      const given = passOf(pass.value());
      const device = await account.change(() => create(enrolment, { name: name.value(), ...given }));
      showCodes(enrolment, device, given);
    },
    failed: (error) => {
      if (isProblem(error, 'enrolment-pass-required', 'enrolment-pass-invalid')) {
        pass.element.hidden = false;
        pass.input.focus();
      }
      return undefined;
    },
    signInAgain,
  });
  shell.show(titleOf(enrolment), h('p', { class: 'intro' }, introOf(enrolment)), element);
}

type Pass = { readonly pass?: string };
const passOf = (text: string): Pass => (text === '' ? {} : { pass: text });

const create = ({ account, first }: Enrolment, input: CreateFirstMfaDeviceInput): Promise<CreatedDevice> => {
  const { client, options } = account;
  return first
    ? client.createFirstMfaDevice(input, options)
    : client.createMfaDevice({ name: input.name }, options);
};

function titleOf({ first, replaces }: Enrolment): Words {
  if (replaces !== undefined) return say('enrol.replace', { name: replaces.name });
  return say(first ? 'enrol.first' : 'enrol.further');
}

const introOf = ({ replaces }: Enrolment): Words =>
  replaces ? say('enrol.replaceIntro', { name: replaces.name }) : say('enrol.intro');

/** A name that is free: most devices are phones. */
function freeName(taken: readonly string[]): string {
  const names = ['phone', ...Array.from({ length: 20 }, (_, index) => `phone-${index + 2}`)];
  return names.find((name) => !taken.includes(name)) ?? '';
}

/** What is known of a device whose codes are entered: the seed only where it was just created. */
export type Unfinished = Pick<CreatedDevice, 'id' | 'name'> &
  Partial<Pick<CreatedDevice, 'base32Seed'>> & {
    readonly qrCode?: string;
    readonly otpauthUri?: string;
  };

/** The second step: put the seed into an app, and enter two of its codes. */
export function showCodes(enrolment: Enrolment, device: Unfinished, pass: Pass = {}): void {
  const { shell, account, done, signInAgain } = enrolment;
  const codes = codePair(account.now);
  const element = form({
    content: [codes.element],
    fields: [codes],
    submit: say('enrol.finishButton'),
    cancel: () => void done(),
    run: async () => {
      const enabled = await account.change(() =>
        enable(enrolment, { deviceId: device.id, ...codes.value(), ...pass }),
      );
      await done(newsOf(enrolment, enabled));
    },
    failed: (error) => {
      if (isProblem(error, 'invalid-authentication-code')) codes.clear();
      return undefined;
    },
    signInAgain,
  });
  shell.show(
    say('enrol.finish', { name: device.name }),
    h(
      'div',
      { class: 'steps' },
      device.qrCode !== undefined && h('section', {}, h('h2', {}, say('enrol.scan')), ...seedOf(device)),
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

function newsOf({ account, replaces }: Enrolment, { name, usableForSessionsFrom }: EnabledDevice): Words {
  if (replaces !== undefined) return say('enrol.replaced', { name, old: replaces.name });
  const seconds = Math.max(1, Math.ceil((Date.parse(usableForSessionsFrom) - account.now()) / 1000));
  return say('enrol.done', { name, seconds });
}

/** The seed as QR code, as link and as text. */
function seedOf({ name, qrCode, otpauthUri, base32Seed = '' }: Unfinished): readonly HTMLElement[] {
  const seed = h('code', { class: 'seed' }, base32Seed.replaceAll(/(.{4})(?=.)/g, '$1 '));
  const copied = h('p', { role: 'status', class: 'hint' });
  const copy = async () => {
    const words = await navigator.clipboard.writeText(base32Seed).then(
      () => say('enrol.copied'),
      () => say('enrol.notCopied'),
    );
    copied.replaceChildren(textOf(words));
  };
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
        h('a', { class: 'button', href: otpauthUri }, say('enrol.open')),
      ),
      copied,
    ),
  ];
}
