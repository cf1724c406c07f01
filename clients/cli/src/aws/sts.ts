import { AwsV4Signer } from 'aws4fetch';
import type { Credentials } from '../../../typescript/src/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { httpFetch } from '../http-fetch.ts';

/** Which STS to call. */
export interface StsTarget {
  /** Reads a setting of the profile. */
  setting(key: string): string | undefined;
  readonly env: Environment;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
}

export interface StsAnswer {
  readonly ok: boolean;
  readonly status: number;
  /** The text of the first element of this name. */
  member(name: string): string | undefined;
}

/** Milliseconds. */
const timeout = 30_000;

/** Calls STS, signed with the given keys. */
export async function callSts(
  target: StsTarget,
  { sessionToken, ...keys }: Credentials,
  parameters: Readonly<Record<string, string>>,
): Promise<StsAnswer> {
  const region = regionOf(target);
  const url = endpointOf(target, region);
  const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const signer = new AwsV4Signer({
    method: 'POST',
    url,
    headers,
    body,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 'sts',
    region,
  });
  const signed = await signer.sign();
  try {
    const limit = AbortSignal.timeout(timeout);
    const signal = target.signal ? AbortSignal.any([target.signal, limit]) : limit;
    // Redirects are not followed: they would take the code and the session token elsewhere.
    const response = await httpFetch(signed.url.href, {
      method: 'POST',
      headers: Object.fromEntries(signed.headers),
      body,
      signal,
    });
    const text = Buffer.from(await response.arrayBuffer()).toString();
    const member = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];
    return { ok: response.status === 200, status: response.status, member };
  } catch {
    throw new Failure(exitCodes.network, 'network', `Could not reach STS at ${signed.url.origin}.`);
  }
}

function regionOf({ env, setting }: StsTarget): string {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || setting('region') || 'us-east-1';
  if (/^[a-z0-9-]+$/.test(region)) return region;
  throw new Failure(exitCodes.usage, 'usage', `"${region}" is not a valid Region.`);
}

function endpointOf({ env, setting }: StsTarget, region: string): string {
  const own = env['AWS_ENDPOINT_URL_STS'] || env['AWS_ENDPOINT_URL'] || setting('endpoint_url');
  if (own === undefined)
    return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
  if (URL.canParse(own)) return new URL(own).href;
  throw new Failure(exitCodes.usage, 'usage', `"${own}" is not a valid endpoint URL.`);
}
