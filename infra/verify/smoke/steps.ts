import type { Answer, Sending } from '../client.ts';
import type { Keys } from '../sign.ts';
import type { Subject } from '../subject.ts';

/** What the run has made, and what it remembers. */
export interface Made {
  /** The name and id of the run's device. */
  readonly device: string;
  /** The tickets of the run's recoveries. */
  readonly tickets: readonly string[];
  /** Whether the device was created. */
  hasDevice: boolean;
  /** Whether it may exist, even if no answer said so. */
  mayHaveDevice: boolean;
  /** Ids of the user's devices before. */
  before: readonly string[] | undefined;
  /** The id of an active device of the user's that shows codes. */
  active: string | undefined;
  /** Ids of the run's recoveries, in the order of their tickets. */
  readonly recoveries: (string | undefined)[];
  /** Which of them are closed. */
  readonly closed: Set<number>;
  /** Whether one approval would not be enough to execute the first one. */
  mayBeApproved: boolean;
}

/** One call of an operation and what it must answer. */
export interface Step {
  readonly operation: string;
  /** Completes "smoke: ". */
  readonly does: string;
  readonly keys: Keys | undefined;
  /** The request, or why it cannot be made. */
  readonly sending: (made: Made) => Sending | string;
  readonly expects: (answer: Answer, made: Made) => boolean;
  /** AWS's lists and reports may take a while to show what was done. */
  readonly settles?: boolean;
  readonly png?: boolean;
}

/** The request of a step about the run's device. */
export const aboutDevice =
  (method: string, path: string, body?: object) =>
  (made: Made): Sending | string =>
    made.hasDevice
      ? { method, path: path.replace('{deviceId}', made.device), ...json(body) }
      : 'there is no device to do it with';

export const json = (body: object | undefined): Pick<Sending, 'body'> =>
  body === undefined ? {} : { body: JSON.stringify(body) };

export const call = (method: string, path: string, body?: object) => (): Sending => ({
  method,
  path,
  ...json(body),
});

/** A problem of the operation's own: only the function can know it, and only after it asked AWS. */
export const problem =
  (status: number, code: string) =>
  (answer: Answer): boolean =>
    answer.status === status && answer.code === code;

export const succeeds =
  (status: number, isRight: (content: Content, made: Made) => boolean = () => true) =>
  (answer: Answer, made: Made): boolean =>
    answer.status === status && isRight(contentOf(answer), made);

/** The members of an answer that steps look at. */
export interface Content {
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
  readonly state?: string;
  readonly label?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly expiresAt?: string;
  readonly mfa?: { readonly pending: number };
  readonly approvals?: readonly unknown[];
  readonly approvalsNeeded?: number;
  readonly items?: readonly Content[];
  readonly kind?: string;
}

export function contentOf({ text }: Answer): Content {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Codes that no device shows, but for one chance in 10 to the power of 12. */
export const wrongCodes = { code1: '000000', code2: '000001' };

export type Steps = (subject: Subject) => readonly Step[];
