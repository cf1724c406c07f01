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
    throw new TypeError('The url does not tell the Region: give it with the region option.');
  }
  return { url: url.origin + url.pathname.replace(/\/+$/, ''), region: found };
}

/**
 * The STS that an API names, with the Region to sign for: its own, or where its name tells none that of the API. Undefined
 * for what is none, also for one in the clear, unless the API itself is so, which is on the own machine.
 */
export function stsEndpointOf(text: string, api: Endpoint): Endpoint | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  if (!['https:', new URL(api.url).protocol].includes(protocol)) return undefined;
  const match = stsHost.exec(hostname);
  return { url: text, region: match === null ? api.region : (match[2] ?? 'us-east-1') };
}
