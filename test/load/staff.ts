import type { SigningKeys } from '../support/sign.ts';
import type { StackProcess } from '../support/stack-process.ts';
import { staffSession } from '../support/staff.ts';

/** Sessions last an hour. */
const renewalMs = 40 * 60_000;

/** Sessions of the seeded help desk and auditor. */
export class Staff {
  readonly #stack: StackProcess;
  readonly #sessions = new Map<string, { readonly keys: Promise<SigningKeys>; readonly from: number }>();

  constructor(stack: StackProcess) {
    this.#stack = stack;
  }

  sessionOf(name: string): Promise<SigningKeys> {
    const known = this.#sessions.get(name);
    if (known !== undefined && Date.now() - known.from < renewalMs) return known.keys;
    const keys = staffSession(this.#stack, name);
    this.#sessions.set(name, { keys, from: Date.now() });
    return keys;
  }
}
