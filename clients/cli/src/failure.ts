/** What the process ends with. The list in README.md tells the user. */
export const exitCodes = { done: 0, refused: 1, usage: 2, network: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command cannot go on; the message is for the user, and says what to do. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  /** For programs, where they want to tell failures apart. */
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The command line, the settings or the credentials are not what they have to be. */
export const usageFailure = (message: string): Failure => new Failure(exitCodes.usage, 'usage', message);

/** Ctrl-C. `hint` tells what is left behind and how to go on. */
export class Interrupted extends Failure {
  constructor(hint = '') {
    super(exitCodes.interrupted, 'interrupted', `Interrupted.${hint && ` ${hint}`}`);
  }
}
