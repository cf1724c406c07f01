import type { CodeCallback, DeviceSummary } from '../../typescript/src/index.ts';
import { messageOf } from './explain.ts';
import type { Terminal } from './terminal.ts';
import { harmless } from './text.ts';

const wellFormed = /^\d{6}$/;

/** A code may be typed as it is shown, with a space in its middle. */
export const codeIn = (text: string): string | undefined => {
  const digits = text.replaceAll(/\s/g, '');
  return wellFormed.test(digits) ? digits : undefined;
};

export const malformed = 'A code is six digits.';

/** Asks until there is a code of six digits. */
export async function askForCode(terminal: Terminal, device: string, when = () => ''): Promise<string> {
  for (;;) {
    const code = codeIn(await terminal.ask(() => `Code of ${device}${when()}: `));
    if (code !== undefined) return code;
    terminal.show(malformed);
  }
}

/** Asks for the code of a step-up, and before which of several devices shows it. */
export function stepUpCode(terminal: Terminal): CodeCallback {
  let chosen: DeviceSummary | undefined;
  return async ({ devices, problem }) => {
    if (problem === undefined) terminal.note('This needs MFA.');
    else terminal.show(messageOf(problem));
    const comes = Date.now() + (problem?.retryAfter ?? 0) * 1000;
    const wait = () => {
      const seconds = Math.ceil((comes - Date.now()) / 1000);
      return seconds > 0 ? ` (the next one in ${seconds} s)` : '';
    };
    chosen = devices.find(({ id }) => id === chosen?.id) ?? (await chooseDevice(terminal, devices));
    return { code: await askForCode(terminal, chosen.name, wait), deviceId: chosen.id };
  };
}

async function chooseDevice(terminal: Terminal, devices: readonly DeviceSummary[]): Promise<DeviceSummary> {
  const [only] = devices;
  if (only !== undefined && devices.length === 1) return only;
  terminal.show(devices.map(({ name }, index) => `  ${index + 1}  ${harmless(name)}`).join('\n'));
  for (;;) {
    const answer = await terminal.ask(
      () => `Which device shows you a code (1-${devices.length}, or its name)? `,
    );
    const device =
      devices[Number(answer) - 1] ?? devices.find(({ id, name }) => id === answer || name === answer);
    if (device !== undefined) return device;
    terminal.show(`There is no device "${harmless(answer)}" among these.`);
  }
}
