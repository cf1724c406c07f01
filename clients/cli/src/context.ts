import type { Client, Credentials, Session } from '../../typescript/src/index.ts';
import { findCredentials, profileInUse } from './aws/credentials.ts';
import { type CachedKind, type CacheOwner, SessionCache } from './cache.ts';
import { usageFailure } from './failure.ts';
import { cacheFolder, type Environment, type Host } from './host.ts';
import { type ApiSettings, apiSettings } from './settings.ts';
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

/** What a command talks to the API with, and all that this took to find out. */
export interface Connection {
  readonly client: Client;
  readonly credentials: Credentials;
  readonly api: ApiSettings;
}

/** What a command has to work with. */
export class Context {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly options: GlobalOptions;
  #connection: Promise<Connection> | undefined;

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
    const { client } = await this.connect();
    return this.terminal.during('Asking the API', send(client, { signal: this.signal }));
  }

  connect(): Promise<Connection> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  async cachedSession(kind: CachedKind, atLeastMs: number): Promise<Session | undefined> {
    const { credentials, api } = await this.connect();
    return this.#cached(kind, credentials, api, atLeastMs);
  }

  async keepSession(kind: CachedKind, session: Session): Promise<void> {
    if (!this.options.cache) return;
    const { credentials, api } = await this.connect();
    await this.#cache.write(kind, ownerOf(credentials, api), session);
  }

  async forgetSessions(): Promise<void> {
    const { credentials, api } = await this.connect();
    await this.#cache.forget(ownerOf(credentials, api));
  }

  get #cache(): SessionCache {
    return new SessionCache(cacheFolder(this.env));
  }

  async #cached(kind: CachedKind, credentials: Credentials, api: ApiSettings, atLeastMs: number) {
    if (!this.options.cache || credentials.sessionToken !== undefined) return undefined;
    return this.#cache.read(kind, ownerOf(credentials, api), atLeastMs);
  }

  async #connect(): Promise<Connection> {
    const { terminal, env, options } = this;
    const [api, credentials, { createClient }] = await Promise.all([
      apiSettings(options, this.profile, env),
      findCredentials({
        env,
        profile: options.profile,
        askForCode: (serialNumber) => askForCode(terminal, serialNumber),
      }),
      import('../../typescript/src/index.ts'),
    ]);
    const session =
      (await this.#cached('step-up', credentials, api, stepUpMargin)) ??
      (await this.#cached('session', credentials, api, stepUpMargin));
    try {
      const client = createClient({
        ...api,
        credentials,
        session,
        code: stepUpCode(terminal),
        waitForDevice: true,
        // The command goes on without: the next one asks for a code again.
        onSession: (given) =>
          void this.keepSession('step-up', given).catch((error: Error) => terminal.note(error.message)),
      });
      return { client, credentials, api };
    } catch (error) {
      throw error instanceof TypeError ? usageFailure(error.message) : error;
    }
  }
}

/** Milliseconds that a session must still last to be worth beginning with. */
const stepUpMargin = 30_000;

const ownerOf = ({ accessKeyId }: Credentials, { url }: ApiSettings): CacheOwner => ({
  accessKeyId,
  apiUrl: url,
});
