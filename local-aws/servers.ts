import { createServer, type RequestListener, type Server } from 'node:http';

const loopback = '127.0.0.1';

/** Milliseconds in which a request must have arrived, and how often that is looked at. */
const patience = { headersTimeout: 20_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** A server that closes connections whose requests do not arrive in time. */
export function httpServer(listener?: RequestListener, limits: Partial<typeof patience> = {}): Server {
  return createServer({ ...patience, ...limits }, listener);
}

/**
 * Listens on 127.0.0.1 and returns the server's URL. Throws an error that names `setting` if the port is in use.
 * @param port 0 for any
 */
export async function listen(server: Server, port: number, setting?: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, setting)));
    server.listen(port, loopback, () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://${loopback}:${address.port}`;
}

/** Closes a server and its connections; does nothing if it is not listening. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listenError(error: Error, port: number, setting: string | undefined): Error {
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  const remedy = setting === undefined ? '' : `; set ${setting} to another one`;
  return new Error(`Port ${port} on ${loopback} is in use${remedy}`, { cause: error });
}
