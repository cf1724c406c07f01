import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { close, listen } from '../../local-aws/servers.ts';
import type { LocalStack, LocalStackOptions } from '../../local-aws/stack.ts';

/** Milliseconds for which each call is held up, so that calls made at the same time overlap. */
const delayMillis = 40;

export interface SequenceProxy {
  readonly url: string;
  /** The most calls to IAM and STS since `clear` of which each began after the one before had been answered. */
  inSequence(): number;
  clear(): void;
}

/** Starts a stack whose functions reach AWS by a proxy. Its `close` ends both. */
export async function startBehindProxy<Stack extends LocalStack>(
  start: (options: LocalStackOptions) => Promise<Stack>,
): Promise<{ readonly stack: Stack; readonly proxy: SequenceProxy; close(): Promise<void> }> {
  const { server, ...proxy } = await startSequenceProxy(() => stack.awsUrl);
  const stack = await start({ env: { AWS_ENDPOINT_URL: proxy.url, STS_ENDPOINT: proxy.url } });
  const closeBoth = async () => {
    await stack.close();
    await close(server);
  };
  return { stack, proxy, close: closeBoth };
}

/**
 * Forwards calls to the local AWS and counts how many of those to IAM and STS follow one another. It counts by the
 * order of beginnings and ends; nothing is measured.
 */
async function startSequenceProxy(
  target: () => string,
): Promise<SequenceProxy & { readonly server: Server }> {
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
