import { isProblem } from '../../typescript/src/index.ts';
import type { Context } from './context.ts';
import { usageFailure } from './failure.ts';
import { askForCode, codeIn, malformed } from './step-up-code.ts';

/** The codes IAM needs to enable or resynchronise a device. */
export interface TwoCodes {
  readonly code1: string;
  readonly code2: string;
}

/** Seconds; the time step of RFC 6238. */
const period = 30;

const attempts = 3;

/** The server's time in seconds, since this machine's clock may be wrong. */
export type Clock = () => number;

export function serverClock(serverTime: string): Clock {
  const ahead = Date.parse(serverTime) - Date.now();
  return () => (Date.now() + ahead) / 1000;
}

/** Asks for two consecutive codes, counting down to the next one. */
async function askForTwoCodes({ terminal }: Context, device: string, now: Clock): Promise<TwoCodes> {
  const left = () => period - (Math.floor(now()) % period);
  const code1 = await askForCode(terminal, device, { when: () => ` (changes in ${left()} s)` });
  const next = (Math.floor(now() / period) + 1) * period;
  for (;;) {
    const when = () => {
      const seconds = Math.ceil(next - now());
      return seconds > 0 ? ` (in ${seconds} s)` : ' (now)';
    };
    const code2 = await askForCode(terminal, device, { label: 'Next code', when });
    if (code2 !== code1) return { code1, code2 };
    terminal.show('That is the same code. Wait for the next one.');
  }
}

/** The two codes on the command line, or undefined if there are none. */
export function givenCodes(codes: readonly string[]): TwoCodes | undefined {
  if (codes.length === 0) return undefined;
  const [code1, code2] = codes.map(codeIn);
  if (codes.length !== 2) throw usageFailure('Give two consecutive codes, or none to be prompted for them.');
  if (code1 === undefined || code2 === undefined) throw usageFailure(malformed);
  if (code1 === code2) throw usageFailure('The two codes are the same. Give one code and the one after it.');
  return { code1, code2 };
}

export interface CodesFor {
  /** The device's name for prompts. */
  readonly device: string;
  readonly now: Clock;
  readonly given: TwoCodes | undefined;
}

/** Sends a request with two codes, and asks for new ones if they are rejected. */
export async function withTwoCodes<T>(
  context: Context,
  { device, now, given }: CodesFor,
  send: (codes: TwoCodes) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const codes = given ?? (await askForTwoCodes(context, device, now));
    try {
      return await send(codes);
    } catch (error) {
      const another = given === undefined && attempt < attempts;
      if (!isProblem(error, 'invalid-authentication-code') || !another) throw error;
      context.terminal.show('AWS did not accept these codes. Enter two new ones, one after the other.');
    }
  }
}
