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

/** Options of every command. */
export interface GlobalOptions {
  readonly profile?: string | undefined;
  readonly api?: string | undefined;
  readonly region?: string | undefined;
  readonly output: 'table' | 'json';
  readonly quiet?: boolean | undefined;
  readonly cache: boolean;
}

/** Who calls, and which API. */
interface Access {
  readonly credentials: Credentials;
  readonly api: Endpoint;
}

/** What a command has to work with. */
export class Context {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly options: GlobalOptions;
  #access: Promise<Access> | undefined;
  #client: Promise<Client> | undefined;
  /** The last session that is being kept while the command goes on. */
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

  /** A call of the API, with Ctrl-C and a sign of life. */
  async call<T>(send: (client: Client, options: { readonly signal: AbortSignal }) => Promise<T>): Promise<T> {
    const client = await this.client();
    return this.terminal.during('Asking the API', send(client, { signal: this.signal }));
  }

  /** Steps up with the session that an earlier command has kept, else with a code. */
  client(): Promise<Client> {
    this.#client ??= this.#steppingUp();
    return this.#client;
  }

  /** A new session of so many seconds, for other programs. */
  async obtainSession(sessionDuration: number): Promise<Session> {
    const client = await this.#createClient({ sessionDuration });
    return this.terminal.during('Asking for a session', client.stepUp({ signal: this.signal }));
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

  /** Ends when nothing is under way any more. */
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
    // A session that cannot be kept is used all the same: the next command asks for a code again.
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

  /** Credentials may take a code: everything else is settled before. */
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

/** Milliseconds that a session must still last to be worth beginning with. */
const stepUpMargin = 30_000;

/** The client throws a TypeError for options that cannot work: here they come from the user. */
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
