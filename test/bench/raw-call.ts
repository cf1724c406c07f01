import { Agent, request } from 'node:http';
import type { SigningKeys } from '../support/sign.ts';
import { sign } from '../support/sign.ts';

const body = 'Action=ListMFADevices&Version=2010-05-08&UserName=bob';
const contentType = 'application/x-www-form-urlencoded; charset=utf-8';

/**
 * A client that sends ListMFADevices with almost no overhead: the request is signed once (valid for five minutes),
 * connections are kept alive, and only the status of the answer is read. Throws unless it is 200.
 */
export function rawCall(endpoint: string, keys: SigningKeys): () => Promise<void> {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const unsigned = {
    method: 'POST',
    target: '/',
    headers: { Host: host, 'Content-Type': contentType, 'Content-Length': String(body.length) },
    body,
  };
  const headers = sign(unsigned, keys, { service: 'iam', region: 'us-east-1', date: new Date() });
  const options = { hostname, port, method: 'POST', path: '/', headers, agent };
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${endpoint} answered ${response.statusCode}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
}
