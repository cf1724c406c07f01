/** A service's URL, and the Region to sign for. */
export interface Endpoint {
  /** Without a trailing slash. */
  readonly url: string;
  readonly region: string;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const regionName = /^[a-z0-9-]+$/;

/** The host of a REST API in any partition, including a private API's VPC endpoint. */
const executeApiHost = /\.execute-api\.([a-z0-9-]+)\.(amazonaws\.com(\.cn)?|api\.aws)$/;

/** Source: AWS General Reference, STS endpoints. The global one is signed for us-east-1. */
const stsHost = /^sts(-fips)?\.(?:([a-z0-9-]+)\.)?(amazonaws\.com(\.cn)?|api\.aws)$/;

/**
 * Checks the API's URL and derives its Region. Throws a TypeError for a URL that cannot be the API's, or that would
 * send codes and seeds in cleartext.
 */
export function endpointOf(text: string, region?: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new TypeError("url must be the API's URL, such as https://example.com/prod.");
  const own = loopback.test(url.hostname);
  if (url.protocol !== 'https:' && !(own && url.protocol === 'http:')) {
    throw new TypeError('url must begin with https://, or http:// on your own machine.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('url must not contain a user name, query or fragment.');
  }
  if (region !== undefined && !regionName.test(region))
    throw new TypeError("region must be the API's Region, such as eu-central-1.");
  const found = region ?? executeApiHost.exec(url.hostname)?.[1] ?? (own ? 'us-east-1' : undefined);
  if (found === undefined) {
    throw new TypeError('url does not contain the Region: set the region option.');
  }
  return { url: url.origin + url.pathname.replace(/\/+$/, ''), region: found };
}

/**
 * The STS endpoint named by an API, with the Region to sign for: that in its host name or else the API's. Undefined if
 * it is not a URL, or is cleartext; `http` is accepted only if the API itself uses it, on the user's own machine.
 */
export function stsEndpointOf(text: string, api: Endpoint): Endpoint | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  if (!['https:', new URL(api.url).protocol].includes(protocol)) return undefined;
  const match = stsHost.exec(hostname);
  return { url: text, region: match === null ? api.region : (match[2] ?? 'us-east-1') };
}
