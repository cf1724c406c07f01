import type { IncomingMessage } from 'node:http';
import { conditionContext } from '../policy/context.ts';
import type { Principal } from '../principal.ts';
import { verifySignature } from '../sigv4/verify.ts';
import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './operation.ts';
import type { Service } from './service.ts';

/** Who signed a request for the service. Throws AWS's error if nobody known did. */
export function authenticate(
  { method = 'GET', url = '/', headersDistinct: headers }: IncomingMessage,
  body: Buffer,
  service: Service,
  account: Account,
): Principal {
  const verified = verifySignature(
    { method, target: url, headers, body },
    // Signatures carry real time: SDKs adjust their clocks to the Date header, which is real too.
    { credentials: account, services: [service], region: account.region, now: Date.now() },
  );
  if ('error' in verified) {
    const { code, message, status } = verified.error;
    throw new AwsError(code, message, status);
  }
  return verified.principal;
}

/** The request with what policies see of it. */
export function callOf(request: IncomingMessage, principal: Principal, account: Account): Call {
  const now = account.now();
  const userAgent = request.headers['user-agent'];
  // Policies see AWS's endpoints as HTTPS.
  const facts = {
    now,
    sourceIp: sourceOf(request),
    secureTransport: true,
    ...(userAgent !== undefined && { userAgent }),
  };
  return { account, principal, now, context: conditionContext(principal, facts) };
}

/** The IP address that a request came from. */
export function sourceOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
