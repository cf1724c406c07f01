import { deviceNamePattern } from '../../../shared/contract/patterns.ts';
import { passIn } from '../../common/enrolment-pass.ts';
import { type CreatedDevice, type CreateFirstMfaDeviceInput, isProblem } from '../../typescript/src/index.ts';
import { type Enrolment, showCodes } from './activate.ts';
import { button, h } from './dom.ts';
import { field } from './field.ts';
import { form } from './form.ts';
import { showHardware } from './hardware.ts';
import { labelField } from './tag-text.ts';
import { say, type Words } from './words.ts';

/** The first step: name the device. */
export function showEnrolment(enrolment: Enrolment): void {
  const { shell, account, first, done, signInAgain } = enrolment;
  const names = nameFields(enrolment);
  const pass = passField();
  const element = form({
    content: [...names.elements, pass.element],
    fields: [...names.fields, pass],
    submit: say('enrol.showQr'),
    // A user without devices has nothing to go back to.
    ...((!first || enrolment.taken.length > 0) && { cancel: () => void done() }),
    run: async () => {
      const given = { pass: passIn(pass.value()) };
      const device = await account.change(() => create(enrolment, { ...names.value(), ...given }));
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
  const { userName, accountId } = account.me();
  shell.show(
    titleOf(enrolment),
    // Whoever has no device has not seen yet which account this is.
    first && h('p', { class: 'intro' }, say('devices.of', { userName, accountId })),
    h('p', { class: 'intro' }, introOf(enrolment)),
    element,
    ...hardware(enrolment),
  );
}

/** A prefilled name and an optional label. */
function nameFields(enrolment: Enrolment) {
  const name = field({
    label: say(enrolment.replaces ? 'enrol.newName' : 'enrol.name'),
    hint: say('enrol.nameHint'),
    attributes: { value: enrolment.name ?? freeName(enrolment.taken), autocomplete: 'off' },
    check: (value) => (deviceNamePattern.test(value) ? undefined : say('enrol.malformedName')),
  });
  const label = labelField(enrolment.label ?? '', {
    label: say('enrol.label'),
    hint: say('enrol.labelHint'),
  });
  const open = enrolment.label !== undefined;
  const details = h('details', { open }, h('summary', {}, say('enrol.addLabel')), label.element);
  return {
    elements: [name.element, details],
    fields: [name, label],
    value: () => ({ name: name.value(), label: label.value() || undefined }),
  };
}

/** Hidden until the API asks for a pass. */
function passField() {
  const pass = field({
    label: say('enrol.pass'),
    hint: say('enrol.passHint'),
    attributes: { autocomplete: 'off', class: 'key' },
    check: (value) => {
      if (pass.element.hidden || passIn(value) !== undefined) return undefined;
      return say(value === '' ? 'enrol.noPass' : 'enrol.malformedPass');
    },
  });
  pass.element.hidden = true;
  return pass;
}

const create = ({ account, first }: Enrolment, input: CreateFirstMfaDeviceInput): Promise<CreatedDevice> => {
  const { client, options } = account;
  const { name, label } = input;
  return first
    ? client.createFirstMfaDevice(input, options)
    : client.createMfaDevice({ name, label }, options);
};

function titleOf({ first, replaces }: Enrolment): Words {
  if (replaces !== undefined) return say('enrol.replace', { name: replaces.name });
  return say(first ? 'enrol.first' : 'enrol.further');
}

const introOf = ({ replaces }: Enrolment): Words =>
  replaces ? say('enrol.replaceIntro', { name: replaces.name }) : say('enrol.intro');

/** Suggests an unused name; most devices are phones. */
function freeName(taken: readonly string[]): string {
  const names = ['phone', ...Array.from({ length: 20 }, (_, index) => `phone-${index + 2}`)];
  return names.find((name) => !taken.includes(name)) ?? '';
}

/** For users with a hardware token, which cannot be the first device. */
function hardware({ first, replaces, name, ...rest }: Enrolment): readonly HTMLElement[] {
  if (replaces !== undefined || name !== undefined) return [];
  if (!first) return [button(say('hardware.have'), () => showHardware(rest), { class: 'quiet' })];
  return [h('details', {}, h('summary', {}, say('hardware.have')), h('p', {}, say('hardware.notFirst')))];
}
