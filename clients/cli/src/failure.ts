/** Documented in README.md. */
export const exitCodes = { done: 0, refused: 1, usage: 2, network: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command cannot continue. The message is for the user and says what to do. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  /** Lets programs tell failures apart. */
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The command line, the settings or the credentials are invalid. */
export const usageFailure = (message: string): Failure => new Failure(exitCodes.usage, 'usage', message);

/** Ctrl-C. `hint` says what is left behind and how to continue. */
export class Interrupted extends Failure {
  constructor(hint = '') {
    super(exitCodes.interrupted, 'interrupted', `Interrupted.${hint && ` ${hint}`}`);
  }
}
