import { passIn } from '../../common/enrolment-pass.ts';
import { isProblem } from '../../typescript/src/index.ts';
import { messageOf } from './explain.ts';
import { usageFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The value of `--pass`; `true` or `-` to be prompted for it. */
export type GivenPass = string | true | undefined;

const malformed = 'An enrolment pass is six groups of four characters, letters a to z and digits 2 to 7.';

/** The enrolment pass for a first device. If not given, it is asked for once, for both creating and enabling. */
export class EnrolmentPass {
  readonly #terminal: Terminal;
  readonly #wanted: boolean;
  #pass: string | undefined;

  /** Throws a failure if the given pass is malformed. */
  constructor(terminal: Terminal, given: GivenPass) {
    this.#terminal = terminal;
    this.#wanted = given === true || given === '-';
    if (this.#wanted || given === undefined || given === true) return;
    this.#pass = passIn(given);
    if (this.#pass === undefined) throw usageFailure(malformed);
  }

  /** Whether the user says they have one. */
  get given(): boolean {
    return this.#wanted || this.#pass !== undefined;
  }

  /** Sends a request that may need a pass. If the API requires one, prompts for it in a terminal and retries. */
  async with<T>(send: (pass: string | undefined) => Promise<T>): Promise<T> {
    if (this.#wanted && this.#pass === undefined) await this.#ask();
    try {
      return await send(this.#pass);
    } catch (error) {
      if (!isProblem(error, 'enrolment-pass-required') || !this.#terminal.interactive) throw error;
      this.#terminal.show(messageOf(error));
      await this.#ask();
      return send(this.#pass);
    }
  }

  async #ask(): Promise<void> {
    for (;;) {
      this.#pass = passIn(await this.#terminal.ask(() => 'Enrolment pass: '));
      if (this.#pass !== undefined) return;
      this.#terminal.show(malformed);
    }
  }
}
