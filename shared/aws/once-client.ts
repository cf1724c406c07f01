import { clientSettings } from './client.ts';
import { type InstrumentableClient, instrumentedClient } from './instrument.ts';

/** The function's one client of a service, made when it is first asked for. */
export function onceClient<C extends InstrumentableClient>(
  Client: new (settings: typeof clientSettings) => C,
): () => C {
  let client: C | undefined;
  return () => {
    client ??= instrumentedClient(new Client(clientSettings));
    return client;
  };
}
