import type { Credentials } from './credentials.ts';
import type { ProblemError } from './errors.ts';
import type { DeviceSummary, Session } from './models.ts';

/** What the client needs of a response; those of the global `fetch` have it. */
export interface FetchResponse {
  readonly status: number;
  /** `get` takes a name in any case, and gives null for what is not there. */
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What the client needs of `fetch`; the global one fits. */
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

/** What a code is asked for with. */
export interface CodeRequest {
  /** The caller's active devices that show codes; one of them at least. */
  readonly devices: readonly DeviceSummary[];
  /** 1, and one more after each code that was malformed or not accepted. */
  readonly attempt: number;
  /** Why the code before was of no use, unless it was malformed; `problem.retryAfter` tells when the next one comes. */
  readonly problem: ProblemError | undefined;
  /** Aborted when nobody waits for the code any more: close the prompt then. */
  readonly signal: AbortSignal;
}

/** A code of six digits, and which device shows it; `deviceId` may be left out where there is only one. */
export interface CodeAnswer {
  readonly code: string;
  readonly deviceId?: string | undefined;
}

/** Asks the user for a code. A plain string is the code of the only device; undefined means that they gave up. */
export type CodeCallback = (
  request: CodeRequest,
) => Promise<CodeAnswer | string | undefined> | CodeAnswer | string | undefined;

export interface ClientOptions {
  /** The API's URL with its stage or base path, without `/v1`. `https`, or `http` to the own machine. */
  readonly url: string;
  /**
   * Credentials, or a function that gives them, such as any credential provider of the AWS SDK. To step up they must be
   * the long-term keys of an IAM user. One client is for one user.
   */
  readonly credentials: Credentials | (() => Credentials | Promise<Credentials>);
  /** The API's Region. By default that in the URL, or `us-east-1` on the own machine (the local AWS). */
  readonly region?: string | undefined;
  /** By default the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Asks for a code when a call needs a session with MFA. Without it such calls are refused. */
  readonly code?: CodeCallback | undefined;
  /** How many codes to ask for before a step-up fails; 3 by default. */
  readonly codeAttempts?: number | undefined;
  /**
   * Whether to wait, some seconds, where STS does not know a device yet that was enabled just now, and then to ask for a
   * fresh code. By default the call fails with `device-not-ready`.
   */
  readonly waitForDevice?: boolean | undefined;
  /**
   * Seconds that the sessions last which the client obtains: 900 to 129,600. By default as long as MFA counts as recent.
   * The client itself uses none longer than that; a longer one is for other programs.
   */
  readonly sessionDuration?: number | undefined;
  /** Told each session that the client obtains. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** A session obtained earlier, to begin with. It is asked of nobody how old it is; when it is refused, a new one is obtained. */
  readonly session?: Session | undefined;
  /** Milliseconds until a request is given up; 30,000 by default. Waiting for a code does not count. */
  readonly timeout?: number | undefined;
  /** How often a request is repeated that may be; 2 by default. */
  readonly retries?: number | undefined;
}

export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until a request of this call is given up. */
  readonly timeout?: number | undefined;
}
