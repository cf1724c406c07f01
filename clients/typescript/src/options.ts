import type { Credentials } from './credentials.ts';
import type { ProblemError } from './errors.ts';
import type { DeviceSummary, Session } from './models.ts';

/** The parts of a response that the client needs; those of the global `fetch` fit. */
export interface FetchResponse {
  readonly status: number;
  /** `get` is case-insensitive, and returns null for a missing header. */
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The parts of `fetch` that the client needs; the global one fits. */
export type Fetch = (
  url: string,
  request: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly redirect: 'manual';
    readonly credentials: 'omit';
    readonly referrerPolicy: 'no-referrer';
  },
) => Promise<FetchResponse>;

/** The argument of the `code` callback. */
export interface CodeRequest {
  /** The caller's active devices that show codes; at least one. */
  readonly devices: readonly DeviceSummary[];
  /** Starts at 1, and grows by one after each code that was malformed or not accepted. */
  readonly attempt: number;
  /** Why the previous code failed, unless it was malformed; `problem.retryAfter` says when the next one appears. */
  readonly problem: ProblemError | undefined;
  /** Aborted when the code is no longer needed: close the prompt then. */
  readonly signal: AbortSignal;
}

/** A six-digit code and the device it is from; `deviceId` can be omitted if there is only one device. */
export interface CodeAnswer {
  readonly code: string;
  readonly deviceId?: string | undefined;
}

/** Asks the user for a code. A plain string is a code from the only device; undefined means that the user gave up. */
export type CodeCallback = (
  request: CodeRequest,
) => Promise<CodeAnswer | string | undefined> | CodeAnswer | string | undefined;

export interface ClientOptions {
  /** The API's URL including its stage or base path, without `/v1`. Uses `https`, or `http` on your own machine. */
  readonly url: string;
  /**
   * Credentials, or a function that returns them, such as any credential provider of the AWS SDK. To step up they must
   * be the long-term keys of an IAM user. Use one client per user.
   */
  readonly credentials: Credentials | (() => Credentials | Promise<Credentials>);
  /** The API's Region. Defaults to the one in the URL, or to `us-east-1` on your own machine (the local AWS). */
  readonly region?: string | undefined;
  /** Defaults to the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Asks for a code when a call needs a session with MFA. Without it, such calls fail. */
  readonly code?: CodeCallback | undefined;
  /** Number of codes to ask for before a step-up fails; 3 by default. */
  readonly codeAttempts?: number | undefined;
  /**
   * Whether to wait a few seconds and ask for a new code if STS does not know a recently enabled device yet. By default
   * the call fails with `device-not-ready`.
   */
  readonly waitForDevice?: boolean | undefined;
  /**
   * Lifetime of the client's sessions in seconds, 900 to 129,600. Defaults to the time for which MFA counts as recent.
   * The client itself never uses a session for longer than that; a longer lifetime is for other programs.
   */
  readonly sessionDuration?: number | undefined;
  /** Receives each session that the client obtains. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** A session obtained earlier, to start with. Its age is not checked; if it is refused, a new one is obtained. */
  readonly session?: Session | undefined;
  /** Milliseconds before a request times out; 30,000 by default. Waiting for a code does not count. */
  readonly timeout?: number | undefined;
  /** Number of times to repeat a request that is safe to repeat; 2 by default. */
  readonly retries?: number | undefined;
}

export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before a request of this call times out. */
  readonly timeout?: number | undefined;
}
