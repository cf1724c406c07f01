import type { LookupAddress } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { untilAborted } from '../lib/until-aborted.ts';
import { isLoopback, reachOf } from './addresses.ts';

/** An address that nothing may be sent to. Retrying does not help. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Whether it may go to the internal network. */
  readonly privateAddresses: boolean;
}

/** Finds all addresses of a host. */
export type ResolveName = (hostname: string, options: { readonly all: true }) => Promise<LookupAddress[]>;

export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/**
 * Sends a request and returns the head of the response; redirects are not followed. The host name is resolved once, and
 * its address checked before anything is sent. Throws `ForbiddenAddress`, or the network error.
 */
export async function post(sent: Post, resolveName: ResolveName = lookUp): Promise<PostAnswer> {
  const address = await addressOf(sent, resolveName);
  const { url, headers, body, signal } = sent;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    lookup: always(address),
    agent: false,
    signal,
  };
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>();
  request(url, options, (response) => {
    resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    // The body is not needed.
    response.destroy();
  })
    .on('error', reject)
    .end(body);
  return promise;
}

/** One forbidden address is enough to refuse a name, whatever others it has. */
async function addressOf(
  { url, privateAddresses, signal }: Post,
  resolveName: ResolveName,
): Promise<LookupAddress> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await untilAborted(resolveName(hostname, { all: true }), signal);
  const [first] = addresses;
  const allowed = ({ address }: LookupAddress) =>
    url.protocol === 'https:'
      ? reachOf(address) === 'public' || (privateAddresses && reachOf(address) === 'private')
      : privateAddresses && isLoopback(address);
  if (first === undefined || !addresses.every(allowed))
    throw new ForbiddenAddress('The URL leads to an address that nothing may be sent to');
  return first;
}

const always =
  (known: LookupAddress): LookupFunction =>
  (_hostname, options, callback) =>
    options.all ? callback(null, [known]) : callback(null, known.address, known.family);
