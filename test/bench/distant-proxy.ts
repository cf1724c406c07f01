import { readFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const file = (name: string) => new URL(`./loopback/${name}`, import.meta.url);
/** For this machine only; a client has to trust it (`NODE_EXTRA_CA_CERTS`). */
export const certificate = file('certificate.pem');

export interface DistantProxy {
  readonly url: string;
  close(): void;
}

/**
 * Serves an HTTP server of this machine by TLS as if it were far away: what is sent takes half a round trip each way,
 * and so a new connection takes one before its first byte.
 */
export async function startDistantProxy(target: string, roundTripMillis: number): Promise<DistantProxy> {
  const https = createHttpsServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(certificate) },
    (incoming, outgoing) => {
      const { method, headers, url } = incoming;
      const sent = forward(`${target}${url}`, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      sent.on('error', () => outgoing.destroy());
      incoming.pipe(sent);
    },
  );
  const tlsPort = await portOf(https);
  const far = createServer((near) => {
    const remote = connect(tlsPort, '127.0.0.1');
    carry(near, remote, roundTripMillis / 2, delay(roundTripMillis));
    carry(remote, near, roundTripMillis / 2);
  });
  const url = `https://127.0.0.1:${await portOf(far)}`;
  const close = () => {
    far.close();
    https.close();
    https.closeAllConnections();
  };
  return { url, close };
}

/** Sends on what arrives, each piece as much later, in its order. */
function carry(
  from: Socket,
  to: Socket,
  millis: number,
  connected: Promise<unknown> = Promise.resolve(),
): void {
  let last: Promise<unknown> = connected;
  const inTurn = (act: () => unknown) => {
    // What is sent while the connection is being made leaves only then.
    const arrival = connected.then(() => delay(millis));
    last = last.then(() => arrival).then(act);
  };
  from.setNoDelay(true);
  from.on('data', (chunk) => inTurn(() => to.write(chunk)));
  from.on('close', () => inTurn(() => to.destroy()));
  from.on('error', () => to.destroy());
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
