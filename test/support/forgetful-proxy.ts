import { createServer, request as forward, type Server } from 'node:http';
import { listen } from '../../local-aws/servers.ts';

/** Forwards everything but loses the first answer. */
export async function startForgetfulProxy(
  target: () => string,
): Promise<{ url: string; server: Server; lost: () => number }> {
  let lost = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const sent = forward(`${target()}${url}`, { method, headers }, (answer) => {
      if (lost === 0) {
        lost += 1;
        answer.resume().on('end', () => outgoing.destroy());
      } else {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      }
    });
    incoming.pipe(sent);
  });
  return { server, url: await listen(server, 0), lost: () => lost };
}
