import type { Credentials } from './credentials.ts';
import { isProblem, type ProblemError, StepUpError } from './errors.ts';
import type { GetMeOutput, Session } from './models.ts';
import { SharedTask } from './shared-task.ts';
import { obtainSession, type StepUp, type StepUpApi } from './step-up.ts';

/** A session and for how long it is used. Times are milliseconds. */
interface Kept {
  readonly session: Session;
  /** The long-term key that it was obtained with. Of a session that was handed in, the first that is used beside it. */
  accessKeyId: string | undefined;
  readonly usableUntil: number;
  /** When it was issued by the server's clock at the latest; unknown of a session that was handed in. */
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

/** A gated call that was refused. */
export interface Refusal {
  readonly operation: string;
  readonly problem: ProblemError;
  /** The session that signed it, if it was one. */
  readonly session: Session | undefined;
  readonly credentials: Credentials;
}

/** Seconds that a session is given up before it is too old: the request takes its time, and clocks differ. */
const marginOf = (maxAge: number): number => Math.min(30, maxAge / 10);

/** Keeps the session with MFA, in memory only, and obtains a new one when there is need: one at a time for all calls. */
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

  /** The session to sign with, if there is one for these credentials that has not aged out. */
  current({ accessKeyId }: Credentials): Session | undefined {
    const kept = this.#kept;
    if (kept === undefined || Date.now() >= kept.usableUntil) return undefined;
    kept.accessKeyId ??= accessKeyId;
    return kept.accessKeyId === accessKeyId ? kept.session : undefined;
  }

  /** Also what is being obtained: its user may have left. */
  forget(): void {
    this.#stepUp.abort();
    this.#kept = undefined;
  }

  /** A new session, whatever there is. */
  async renew(operation: string, signal?: AbortSignal): Promise<Session> {
    this.#assertPossible(operation, await this.#settings.credentials());
    return this.#stepUp.join(signal);
  }

  /**
   * A session with which the refused call may succeed. Throws the refusal itself where it is not for want of recent MFA,
   * and a `StepUpError` where there can be no session.
   */
  async after(refusal: Refusal, signal?: AbortSignal): Promise<Session> {
    const { operation, problem, session, credentials } = refusal;
    if (!isForWantOfMfa(problem, session) || this.#settings.code === undefined) throw problem;
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

  /** API Gateway does not say why it denies a call. By the server's clock a recent session was not the reason. */
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

/** Whether a session with recent MFA may be what a refused call lacked. */
function isForWantOfMfa(problem: ProblemError, session: Session | undefined): boolean {
  if (isProblem(problem, 'session-expired')) return session !== undefined;
  if (isProblem(problem, 'access-denied')) return problem.maxAgeSeconds !== undefined;
  return isProblem(problem, 'step-up-required');
}
