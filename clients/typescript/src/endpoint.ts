/** Where the API is and what to sign for. */
export interface Endpoint {
  /** Without a slash at its end. */
  readonly url: string;
  readonly region: string;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const regionName = /^[a-z0-9-]+$/;

/** Of a REST API, also a private one by its VPC endpoint, in any partition. */
const executeApiHost = /\.execute-api\.([a-z0-9-]+)\.(amazonaws\.com(\.cn)?|api\.aws)$/;

/** Source: endpoints of STS, general reference; the global one is signed for us-east-1. */
const stsHost = /^sts(-fips)?\.(?:([a-z0-9-]+)\.)?(amazonaws\.com(\.cn)?|api\.aws)$/;

/**
 * Checks the API's URL, and finds its Region. Throws a TypeError for a URL that cannot be the API's or would send codes
 * and seeds in the clear.
 */
export function endpointOf(text: string, region?: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined)
    throw new TypeError('The url must be that of the API, such as https://example.com/prod.');
  const own = loopback.test(url.hostname);
  if (url.protocol !== 'https:' && !(own && url.protocol === 'http:')) {
    throw new TypeError('The url must begin with https://, or with http:// for the own machine.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('The url must have no user name, query or fragment.');
  }
  if (region !== undefined && !regionName.test(region))
    throw new TypeError('The region must be that of the API, such as eu-central-1.');
  const found = region ?? executeApiHost.exec(url.hostname)?.[1] ?? (own ? 'us-east-1' : undefined);
  if (found === undefined) {
    throw new TypeError('The url does not tell the Region of the API: give it with the region option.');
  }
  return { url: url.origin + url.pathname.replace(/\/+$/, ''), region: found };
}

/** The Region to sign for at an endpoint of STS: its own, or where its name tells none that of the API. */
export function stsRegion(endpoint: string, apiRegion: string): string {
  const match = stsHost.exec(new URL(endpoint).hostname);
  if (match === null) return apiRegion;
  return match[2] ?? 'us-east-1';
}
