import { clientSettings } from './client.ts';
import { type InstrumentableClient, instrumentedClient } from './instrument.ts';

/** The function's only client of a service, created on first use. */
export function onceClient<C extends InstrumentableClient>(
  Client: new (settings: typeof clientSettings) => C,
): () => C {
  let client: C | undefined;
  return () => {
    client ??= instrumentedClient(new Client(clientSettings));
    return client;
  };
}
