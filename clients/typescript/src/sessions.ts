import type { Credentials } from './credentials.ts';
import { isProblem, type ProblemError, StepUpError } from './errors.ts';
import type { GetMeOutput, Session } from './models.ts';
import { SharedTask } from './shared-task.ts';
import { obtainSession, type StepUp, type StepUpApi } from './step-up.ts';

/** A session and how long to use it. Times are in milliseconds. */
interface Kept {
  readonly session: Session;
  /** The long-term key it was obtained with; for a session passed in, the first key used with it. */
  accessKeyId: string | undefined;
  readonly usableUntil: number;
  /** The latest time it can have been issued, by the server's clock; unknown for a session passed in. */
  readonly issuedAt: number | undefined;
}

export interface SessionSettings
  extends Pick<StepUp, 'endpoint' | 'codeAttempts' | 'waitForDevice' | 'sessionDuration'> {
  readonly code: StepUp['code'] | undefined;
  readonly onSession: ((session: Session) => void) | undefined;
  readonly session: Session | undefined;
  readonly credentials: () => Promise<Credentials>;
  me(credentials: Credentials, signal: AbortSignal | undefined): Promise<GetMeOutput>;
  api(credentials: Credentials): StepUpApi;
}

/** A refused call to a gated operation. */
export interface Refusal {
  readonly operation: string;
  readonly problem: ProblemError;
  /** The session that signed it, if any. */
  readonly session: Session | undefined;
  readonly credentials: Credentials;
}

/** Seconds before its maximum age at which a session is dropped, since requests take time and clocks differ. */
const marginOf = (maxAge: number): number => Math.min(30, maxAge / 10);

/** Keeps the session with MFA in memory, and obtains a new one when needed: one at a time, shared by all calls. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #stepUp = new SharedTask((signal) => this.#obtain(signal));
  #kept: Kept | undefined;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    const { session } = settings;
    if (session === undefined) return;
    const usableUntil = Date.parse(session.expiration);
    this.#kept = { session, accessKeyId: undefined, usableUntil, issuedAt: undefined };
  }

  /** The session to sign with, if there is a recent one for these credentials. */
  current({ accessKeyId }: Credentials): Session | undefined {
    const kept = this.#kept;
    if (kept === undefined || Date.now() >= kept.usableUntil) return undefined;
    kept.accessKeyId ??= accessKeyId;
    return kept.accessKeyId === accessKeyId ? kept.session : undefined;
  }

  /** Also aborts a step-up in progress: the user may have left. */
  forget(): void {
    this.#stepUp.abort();
    this.#kept = undefined;
  }

  /** Obtains a new session, even if there is one. */
  async renew(operation: string, signal?: AbortSignal): Promise<Session> {
    this.#assertPossible(operation, await this.#settings.credentials());
    return this.#stepUp.join(signal);
  }

  /**
   * Returns a session with which the refused call may succeed. Throws the refusal itself if recent MFA is not what it
   * lacked, and a `StepUpError` if no session can be obtained.
   */
  async after(refusal: Refusal, signal?: AbortSignal): Promise<Session> {
    const { operation, problem, session, credentials } = refusal;
    if (!mayLackMfa(problem, session) || this.#settings.code === undefined) throw problem;
    const newer = this.current(credentials);
    if (newer !== undefined && newer !== session) return newer;
    this.#assertPossible(operation, credentials, problem);
    if (session !== undefined && (await this.#isStillRecent(refusal, signal))) throw problem;
    return this.#stepUp.join(signal);
  }

  #assertPossible(operation: string, { sessionToken }: Credentials, problem?: ProblemError): void {
    if (sessionToken !== undefined) throw new StepUpError('temporary-credentials', operation, problem);
    if (this.#settings.code === undefined) throw new StepUpError('no-callback', operation, problem);
  }

  /** API Gateway does not say why it denies a call; if the session is still recent, MFA was not the reason. */
  async #isStillRecent({ problem, session, credentials }: Refusal, signal?: AbortSignal): Promise<boolean> {
    const kept = this.#kept;
    if (kept?.session !== session || kept?.issuedAt === undefined || isProblem(problem, 'session-expired')) {
      return false;
    }
    const me = await this.#settings.me(credentials, signal);
    const age = (Date.parse(me.serverTime) - kept.issuedAt) / 1000;
    return age < me.stepUpMaxAgeSeconds - marginOf(me.stepUpMaxAgeSeconds);
  }

  async #obtain(signal: AbortSignal): Promise<Session> {
    const { code, credentials: credentialsOf, onSession, me: meOf, api, ...settings } = this.#settings;
    const credentials = await credentialsOf();
    if (code === undefined) throw new StepUpError('no-callback', 'createSession');
    const asked = Date.now();
    const me = await meOf(credentials, signal);
    const session = await obtainSession({
      ...settings,
      api: api(credentials),
      me,
      credentials,
      code,
      signal,
    });
    signal.throwIfAborted();
    this.#keep(session, credentials, me, asked);
    onSession?.(session);
    return session;
  }

  #keep(session: Session, { accessKeyId }: Credentials, me: GetMeOutput, asked: number): void {
    const maxAge = me.stepUpMaxAgeSeconds;
    const now = Date.now();
    const oldAt = now + (maxAge - marginOf(maxAge)) * 1000;
    const usableUntil = Math.min(oldAt, Date.parse(session.expiration));
    this.#kept = { session, accessKeyId, usableUntil, issuedAt: Date.parse(me.serverTime) + (now - asked) };
  }
}

/** Whether recent MFA may be what a refused call lacked. */
function mayLackMfa(problem: ProblemError, session: Session | undefined): boolean {
  if (isProblem(problem, 'session-expired')) return session !== undefined;
  if (isProblem(problem, 'access-denied')) return problem.maxAgeSeconds !== undefined;
  return isProblem(problem, 'step-up-required');
}
