import { AwsV4Signer } from 'aws4fetch';
import type { Credentials } from '../../../typescript/src/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { httpFetch } from '../http-fetch.ts';
import { credentialsOf } from './credentials-of.ts';

export interface RoleRequest {
  readonly roleArn: string;
  /** Reads a setting of the profile. */
  setting(key: string): string | undefined;
  readonly env: Environment;
  readonly code: string | undefined;
  readonly mfaSerial: string | undefined;
}

/** Milliseconds. */
const timeout = 30_000;

/** Assumes a profile's role at STS. */
export async function assumeRole(request: RoleRequest, keys: Credentials): Promise<Credentials> {
  const region = regionOf(request);
  const { roleArn, setting, code, mfaSerial } = request;
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: setting('role_session_name') ?? 'iam-mfa',
    ...optional('ExternalId', setting('external_id')),
    ...optional('DurationSeconds', setting('duration_seconds')),
    ...optional('SerialNumber', mfaSerial),
    ...optional('TokenCode', code),
  }).toString();
  const answer = await post(endpointOf(request, region), region, body, keys);
  const member = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer.text)?.[1];
  const [id, secret, token] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(member);
  if (answer.ok && id && secret && token) return credentialsOf(id, secret, token);
  const reason = member('Message')?.trim() ?? `STS answered ${answer.status}.`;
  throw new Failure(exitCodes.refused, member('Code') ?? 'sts', `You cannot assume ${roleArn}: ${reason}`);
}

async function post(url: string, region: string, body: string, { sessionToken, ...keys }: Credentials) {
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
    const signal = AbortSignal.timeout(timeout);
    // Redirects are not followed: they would take the code and the session token elsewhere.
    const response = await httpFetch(signed.url.href, {
      method: 'POST',
      headers: Object.fromEntries(signed.headers),
      body,
      signal,
    });
    const text = Buffer.from(await response.arrayBuffer()).toString();
    return { ok: response.status === 200, status: response.status, text };
  } catch {
    throw new Failure(exitCodes.network, 'network', `Could not reach STS at ${signed.url.origin}.`);
  }
}

function regionOf({ env, setting }: RoleRequest): string {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || setting('region') || 'us-east-1';
  if (/^[a-z0-9-]+$/.test(region)) return region;
  throw new Failure(exitCodes.usage, 'usage', `"${region}" is not a valid Region.`);
}

function endpointOf({ env, setting }: RoleRequest, region: string): string {
  const own = env['AWS_ENDPOINT_URL_STS'] || env['AWS_ENDPOINT_URL'] || setting('endpoint_url');
  if (own === undefined)
    return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
  if (URL.canParse(own)) return new URL(own).href;
  throw new Failure(exitCodes.usage, 'usage', `"${own}" is not a valid endpoint URL.`);
}

const optional = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };
