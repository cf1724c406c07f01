import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../local-aws/servers.ts';

/** Milliseconds for which each call is held up, so that calls made at the same time overlap. */
const delayMillis = 40;

export interface SequenceProxy {
  readonly url: string;
  readonly server: Server;
  /** The most calls to IAM and STS since `clear` of which each began after the one before had been answered. */
  inSequence(): number;
  clear(): void;
}

/**
 * Forwards calls to the local AWS and counts how many of those to IAM and STS follow one another. It counts by the
 * order of beginnings and ends; nothing is measured.
 */
export async function startSequenceProxy(target: () => string): Promise<SequenceProxy> {
  let longest = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const place = longest + 1;
    outgoing.on('finish', () => {
      if (isCounted(incoming)) longest = Math.max(longest, place);
    });
    const sent = forward(`${target()}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    void delay(delayMillis).then(() => incoming.pipe(sent));
  });
  const clear = () => {
    longest = 0;
  };
  return { server, url: await listen(server, 0), inSequence: () => longest, clear };
}

/** IAM and STS are called by forms and queries; a GET of `/` only opens a connection. */
const isCounted = ({ method, url, headers }: IncomingMessage): boolean =>
  headers['x-amz-target'] === undefined && /^\/(\?|$)/.test(url ?? '') && !(method === 'GET' && url === '/');
