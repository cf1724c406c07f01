import {
  type Client,
  type ClientOptions,
  createClient,
  type Endpoint,
  endpointOf,
  type Session,
} from '../../typescript/src/index.ts';
import { findCredentials, profileInUse, whereFound } from './aws/credentials.ts';
import type { AccountCredentials } from './aws/credentials-of.ts';
import { type CachedKind, type CacheOwner, SessionCache } from './cache.ts';
import type { InUse } from './explain.ts';
import { exitCodes, Failure, usageFailure } from './failure.ts';
import { cacheFolder, type Environment, type Host } from './host.ts';
import { httpFetch } from './http-fetch.ts';
import { type ApiSettings, apiSettings } from './settings.ts';
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
  readonly credentials: AccountCredentials;
  readonly api: Endpoint;
}

/** Everything a command works with. */
export class Context {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly options: GlobalOptions;
  #access: Promise<Access> | undefined;
  #client: Promise<Client> | undefined;
  #credentials: Promise<AccountCredentials> | undefined;
  #inUse: InUse | undefined;
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

  /** What the command works with, for messages. Undefined until it is known. */
  get inUse(): InUse | undefined {
    return this.#inUse;
  }

  /** The caller's credentials. Finding them may require a code. */
  credentials(): Promise<AccountCredentials> {
    const { env, terminal } = this;
    this.#credentials ??= findCredentials({
      env,
      profile: this.options.profile,
      askForCode: (serialNumber) => askForCode(terminal, serialNumber),
    });
    return this.#credentials;
  }

  /** Throws unless the API answered for the account that the settings give the credentials. */
  async assertAccount(answeredFor: string): Promise<void> {
    const { accountId } = await this.credentials();
    if (accountId === undefined || accountId === answeredFor) return;
    throw new Failure(
      exitCodes.refused,
      'wrong-account',
      `The API answered for account ${answeredFor}, but your settings say that your credentials belong to account ` +
        `${accountId}. Correct whichever is wrong: the URL of the API, or the account (aws_account_id, ` +
        'AWS_ACCOUNT_ID or role_arn).',
    );
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
    const settings = await apiSettings(this.options, this.profile, this.env);
    const api = endpointIn(settings);
    const credentials = await this.credentials();
    const from = whereFound({ env: this.env, profile: this.options.profile });
    this.#inUse = {
      api: { url: api.url, from: settings.from },
      credentials: { from, ...(credentials.accountId && { accountId: credentials.accountId }) },
    };
    return { api, credentials };
  }
}

/** Messages about the URL say where it comes from. */
function endpointIn({ url, region, from }: ApiSettings): Endpoint {
  try {
    return endpointOf(url, region);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const noRegion = region === undefined && /Region/.test(error.message);
    const remedy = noRegion ? ' Use --region, or iam_mfa_region beside the URL in your profile.' : '';
    throw usageFailure(`The URL of the API (${from}) is of no use: ${error.message}${remedy}`);
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
