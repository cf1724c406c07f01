import { hardwareSerialNumberPattern } from '../../../shared/contract/patterns.ts';
import { isProblem } from '../../typescript/src/index.ts';
import { activeFrom, type Enrolment } from './activate.ts';
import { codePair } from './codes.ts';
import { h } from './dom.ts';
import { field } from './field.ts';
import { form } from './form.ts';
import { say } from './words.ts';

/** People may type it in groups, as printed. */
const serialNumberOf = (text: string): string => text.replaceAll(/\s/g, '');

/** Enables a hardware token, which already has its seed, as a further device. */
export function showHardware(enrolment: Pick<Enrolment, 'shell' | 'account' | 'done' | 'signInAgain'>): void {
  const { shell, account, done, signInAgain } = enrolment;
  const serial = field({
    label: say('hardware.serial'),
    hint: say('hardware.serialHint'),
    attributes: { autocomplete: 'off', class: 'key' },
    check: (value) =>
      hardwareSerialNumberPattern.test(serialNumberOf(value)) ? undefined : say('hardware.malformed'),
  });
  const codes = codePair(account.now);
  const element = form({
    content: [serial.element, codes.element],
    fields: [serial, codes],
    submit: say('enrol.activate'),
    cancel: () => void done(),
    run: async () => {
      const input = { serialNumber: serialNumberOf(serial.value()), ...codes.value() };
      const enabled = await account.change(() =>
        account.client.enableHardwareMfaDevice(input, account.options),
      );
      await done(activeFrom(account, enabled.name, enabled));
    },
    failed: (error) => {
      if (isProblem(error, 'invalid-authentication-code')) codes.clear();
      if (!isProblem(error, 'device-not-found')) return undefined;
      serial.input.focus();
      return say('hardware.unknown');
    },
    signInAgain,
  });
  shell.show(say('hardware.title'), h('p', { class: 'intro' }, say('hardware.intro')), element);
}
