import type { CodeCallback, DeviceSummary } from '../../typescript/src/index.ts';
import { messageOf } from './explain.ts';
import type { Terminal } from './terminal.ts';
import { harmless } from './text.ts';

const wellFormed = /^\d{6}$/;

/** Accepts a code typed the way apps show it, with a space in the middle. */
export const codeIn = (text: string): string | undefined => {
  const digits = text.replaceAll(/\s/g, '');
  return wellFormed.test(digits) ? digits : undefined;
};

export const malformed = 'A code has six digits.';

interface Wording {
  readonly label?: string;
  /** Added to the question, such as a countdown. */
  when?(): string;
}

/** Asks until it gets six digits. */
export async function askForCode(
  terminal: Terminal,
  device: string,
  { label = 'Code', when = () => '' }: Wording = {},
): Promise<string> {
  for (;;) {
    const code = codeIn(await terminal.ask(() => `${label} from ${device}${when()}: `));
    if (code !== undefined) return code;
    terminal.show(malformed);
  }
}

/** Asks for a step-up code, and first for the device if there are several. */
export function stepUpCode(terminal: Terminal): CodeCallback {
  let chosen: DeviceSummary | undefined;
  return async ({ devices, problem }) => {
    if (problem === undefined) terminal.note('This needs MFA.');
    else terminal.show(messageOf(problem));
    const comes = Date.now() + (problem?.retryAfter ?? 0) * 1000;
    const wait = () => {
      const seconds = Math.ceil((comes - Date.now()) / 1000);
      return seconds > 0 ? ` (next one in ${seconds} s)` : '';
    };
    chosen = devices.find(({ id }) => id === chosen?.id) ?? (await chooseDevice(terminal, devices));
    return { code: await askForCode(terminal, chosen.name, { when: wait }), deviceId: chosen.id };
  };
}

async function chooseDevice(terminal: Terminal, devices: readonly DeviceSummary[]): Promise<DeviceSummary> {
  const [only] = devices;
  if (only !== undefined && devices.length === 1) return only;
  terminal.show(devices.map(({ name }, index) => `  ${index + 1}  ${harmless(name)}`).join('\n'));
  for (;;) {
    const answer = await terminal.ask(
      () => `Which device do you want to use (1-${devices.length} or its name)? `,
    );
    const device =
      devices[Number(answer) - 1] ?? devices.find(({ id, name }) => id === answer || name === answer);
    if (device !== undefined) return device;
    terminal.show(`"${harmless(answer)}" is not one of these devices.`);
  }
}
