import { type Credentials, credentialSource } from './credentials.ts';
import { endpointOf } from './endpoint.ts';
import { ProblemError } from './errors.ts';
import type { DeviceSummary, Session } from './models.ts';
import { type Api, operations } from './operations.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { paginate } from './paginate.ts';
import { type OperationName, requestOf, takesInput } from './request.ts';
import { send, type Transport } from './send.ts';
import { type SessionSettings, Sessions } from './sessions.ts';
import { assertSessionDuration } from './step-up.ts';

/** All operations of the API, plus control over the MFA session that the client keeps. */
export interface Client extends Api {
  /** Always obtains a new session with MFA, and keeps it. */
  stepUp(options?: Pick<CallOptions, 'signal'>): Promise<Session>;
  /** Forgets the kept session and aborts any step-up in progress. */
  forgetSession(): void;
}

type AnyInput = Readonly<Record<string, unknown>>;
type AnyOptions = CallOptions & { readonly accept?: string };

/**
 * Creates a client for one user. Calls that need a session with MFA get one automatically, using the `code` option to
 * ask for a code. Throws a TypeError for invalid options.
 */
export function createClient(options: ClientOptions): Client {
  const transport = transportOf(options);
  const { url } = transport.endpoint;
  const credentials = credentialSource(options.credentials);
  assertSessionDuration(options.sessionDuration);
  const sessions = new Sessions({
    endpoint: transport.endpoint,
    codeAttempts: options.codeAttempts ?? 3,
    waitForDevice: options.waitForDevice ?? false,
    sessionDuration: options.sessionDuration,
    code: options.code,
    onSession: options.onSession,
    session: options.session,
    credentials,
    ...stepUpCalls(transport),
  });

  const call = async (operation: OperationName, input: AnyInput, given: AnyOptions): Promise<unknown> => {
    const { accept, ...settings } = given;
    const request = requestOf(url, operation, input, accept);
    settings.signal?.throwIfAborted();
    if (request.info.anonymous) return send(request, undefined, transport, settings);
    const keys = await credentials();
    if (!request.info.gated) return send(request, keys, transport, settings);
    const session = sessions.current(keys);
    try {
      return await send(request, session ?? keys, transport, settings);
    } catch (problem) {
      if (!(problem instanceof ProblemError)) throw problem;
      const refusal = { operation, problem, session, credentials: keys };
      return send(request, await sessions.after(refusal, settings.signal), transport, settings);
    }
  };

  return {
    ...methods(call),
    stepUp: ({ signal } = {}) => sessions.renew('stepUp', signal),
    forgetSession: () => sessions.forget(),
  };
}

/** One method per operation. Answers are assumed to match the API's contract. */
function methods(
  call: (operation: OperationName, input: AnyInput, options: AnyOptions) => Promise<unknown>,
): Api {
  const names = Object.keys(operations).filter((name): name is OperationName => name in operations);
  const entries = names.map((operation) => {
    const method = takesInput(operations[operation])
      ? (input: AnyInput = {}, options: AnyOptions = {}) => call(operation, input, options)
      : (options: AnyOptions = {}) => call(operation, {}, options);
    return [operation, method];
  });
  return Object.fromEntries(entries);
}

function transportOf({ url, region, fetch: given, timeout = 30_000, retries = 2 }: ClientOptions): Transport {
  if (!(timeout > 0)) throw new TypeError('timeout must be a positive number of milliseconds.');
  if (!Number.isInteger(retries) || retries < 0) throw new TypeError('retries must be a whole number.');
  return {
    endpoint: endpointOf(url, region),
    // Looked up for each call, so that it can be replaced. Browsers require it to be called on the global object.
    fetch: given ?? ((target, request) => globalThis.fetch(target, request)),
    timeout,
    retries,
  };
}

/** The calls a step-up makes, signed with the caller's own credentials and never with a session. */
function stepUpCalls(transport: Transport): Pick<SessionSettings, 'me' | 'api'> {
  const apiOf = (credentials: Credentials): Api =>
    methods((operation, input, { accept, ...options }) =>
      send(requestOf(transport.endpoint.url, operation, input, accept), credentials, transport, options),
    );
  return {
    me: (credentials, signal) => apiOf(credentials).getMe({ signal }),
    api: (credentials) => ({
      devices: (signal) => allDevices(apiOf(credentials), signal),
      createSession: (presignedUrl, signal) => apiOf(credentials).createSession({ presignedUrl }, { signal }),
    }),
  };
}

async function allDevices({ listMfaDevices }: Api, signal: AbortSignal): Promise<readonly DeviceSummary[]> {
  const devices: DeviceSummary[] = [];
  for await (const device of paginate(listMfaDevices, {}, { signal })) devices.push(device);
  return devices;
}
