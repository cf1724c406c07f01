import {
  type Client,
  type ClientOptions,
  type Credentials,
  createClient,
  type Endpoint,
  endpointOf,
  type Session,
} from '../../typescript/src/index.ts';
import { findCredentials, profileInUse } from './aws/credentials.ts';
import { type CachedKind, type CacheOwner, SessionCache } from './cache.ts';
import { usageFailure } from './failure.ts';
import { cacheFolder, type Environment, type Host } from './host.ts';
import { httpFetch } from './http-fetch.ts';
import { apiSettings } from './settings.ts';
import { askForCode, stepUpCode } from './step-up-code.ts';
import { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly profile?: string | undefined;
  readonly api?: string | undefined;
  readonly region?: string | undefined;
  readonly output: 'table' | 'json';
  readonly quiet?: boolean | undefined;
  readonly cache: boolean;
}

/** The caller's credentials, and the API they call. */
interface Access {
  readonly credentials: Credentials;
  readonly api: Endpoint;
}

/** Everything a command works with. */
export class Context {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly options: GlobalOptions;
  #access: Promise<Access> | undefined;
  #client: Promise<Client> | undefined;
  /** A session being written to the cache while the command continues. */
  #keeping: Promise<void> | undefined;

  constructor(host: Host, options: GlobalOptions) {
    this.terminal = new Terminal(host, { output: options.output, quiet: options.quiet ?? false });
    this.env = host.env;
    this.options = options;
  }

  get profile(): string | undefined {
    return this.options.profile ?? profileInUse(this.env);
  }

  get signal(): AbortSignal {
    return this.terminal.signal;
  }

  /** Calls the API, showing progress; Ctrl-C aborts it. */
  async call<T>(send: (client: Client, options: { readonly signal: AbortSignal }) => Promise<T>): Promise<T> {
    const client = await this.client();
    return this.terminal.during('Waiting for the API', send(client, { signal: this.signal }));
  }

  /** A client that steps up with a session kept by an earlier command, or else with a code. */
  client(): Promise<Client> {
    this.#client ??= this.#steppingUp();
    return this.#client;
  }

  /** A new session for other programs. `sessionDuration` is in seconds. */
  async obtainSession(sessionDuration: number): Promise<Session> {
    const client = await this.#createClient({ sessionDuration });
    return this.terminal.during('Getting a session', client.stepUp({ signal: this.signal }));
  }

  async cachedSession(kind: CachedKind, atLeastMs: number, atMostMs?: number): Promise<Session | undefined> {
    const access = await this.#accessOnce();
    if (!this.options.cache || access.credentials.sessionToken !== undefined) return undefined;
    return this.#cache.read(kind, ownerOf(access), atLeastMs, atMostMs);
  }

  async keepSession(kind: CachedKind, session: Session): Promise<void> {
    if (!this.options.cache) return;
    await this.#cache.write(kind, ownerOf(await this.#accessOnce()), session);
  }

  async forgetSessions(): Promise<void> {
    await this.#cache.forget(ownerOf(await this.#accessOnce()));
  }

  /** Waits for pending writes. */
  async close(): Promise<void> {
    await this.#keeping;
    this.terminal.close();
  }

  get #cache(): SessionCache {
    return new SessionCache(cacheFolder(this.env), process.getuid?.());
  }

  async #steppingUp(): Promise<Client> {
    const session =
      (await this.cachedSession('step-up', stepUpMargin)) ??
      (await this.cachedSession('session', stepUpMargin));
    // A session that cannot be kept is still used; the next command asks for another code.
    const onSession = (given: Session) => {
      this.#keeping = this.keepSession('step-up', given).catch(({ message }: Error) =>
        this.terminal.note(message),
      );
    };
    return this.#createClient({ session, onSession });
  }

  async #createClient(options: Partial<ClientOptions>): Promise<Client> {
    const { api, credentials } = await this.#accessOnce();
    const code = stepUpCode(this.terminal);
    const given = { ...api, credentials, fetch: httpFetch, code, waitForDevice: true, ...options };
    return asUsage(() => createClient(given));
  }

  #accessOnce(): Promise<Access> {
    this.#access ??= this.#findAccess();
    return this.#access;
  }

  /** Finding credentials may require a code, so everything else is checked first. */
  async #findAccess(): Promise<Access> {
    const { terminal, env, options } = this;
    const { url, region } = await apiSettings(options, this.profile, env);
    const api = asUsage(() => endpointOf(url, region));
    const credentials = await findCredentials({
      env,
      profile: options.profile,
      askForCode: (serialNumber) => askForCode(terminal, serialNumber),
    });
    return { api, credentials };
  }
}

/** Milliseconds a kept session must have left to be worth using. */
const stepUpMargin = 30_000;

/** The client throws a TypeError for invalid options, which here come from the user. */
function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TypeError ? usageFailure(error.message) : error;
  }
}

const ownerOf = ({ credentials, api }: Access): CacheOwner => ({
  accessKeyId: credentials.accessKeyId,
  apiUrl: api.url,
});
